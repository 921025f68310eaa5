// SPDX-License-Identifier: Apache-2.0
package org.icepath.turn.mras;

import java.io.StringReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Reads the body of an answer, element by element: what it does not know it passes over. */
final class ResponseReader {

    private static final int LONGEST = 64 * 1024;
    private static final int MOST_RELAYS = 64;
    private static final int MOST_PORT = 65_535;
    private static final long MOST_MINUTES = 366L * 24 * 60;

    private final String xml;
    private final Map<String, String> credentials = new HashMap<>();
    private final List<MediaRelay> relays = new ArrayList<>();
    private String requestId = "";
    private String serverVersion = "";
    private String phrase = "";
    private MrasReason reason = MrasReason.UNKNOWN;

    ResponseReader(String xml) {
        this.xml = xml;
    }

    MrasResponse read() {
        if (xml.length() > LONGEST) {
            throw new MrasException("the answer has " + xml.length() + " characters, more than " + LONGEST);
        }
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new StringReader(xml));
            readRoot(reader);
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamConstants.START_ELEMENT) {
                    readElement(reader);
                }
            }
            reader.close();
        } catch (XMLStreamException e) {
            throw new MrasException("the answer is no XML: " + e.getMessage());
        }
        return new MrasResponse(requestId, serverVersion, reason, phrase, credentials(), relays);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    private void readRoot(XMLStreamReader reader) throws XMLStreamException {
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.DTD) {
                throw new MrasException("the answer has a document type declaration");
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                break;
            }
        }
        if (!reader.isStartElement() || !reader.getLocalName().equals("response") || !isOfTheFormat(reader)) {
            throw new MrasException("the answer does not begin with response in " + MrasFormat.NAMESPACE);
        }
        requestId = attribute(reader, "requestID");
        serverVersion = attribute(reader, "serverVersion");
        phrase = attribute(reader, "reasonPhrase");
        reason = MrasReason.of(phrase);
    }

    private static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private void readElement(XMLStreamReader reader) throws XMLStreamException {
        if (!isOfTheFormat(reader)) {
            return;
        }
        switch (reader.getLocalName()) {
            case "credentials" -> children(reader).forEach(credentials::putIfAbsent);
            case "mediaRelay" -> relay(children(reader)).ifPresent(this::add);
            default -> {
                // what other servers may say besides
            }
        }
    }

    private void add(MediaRelay relay) {
        if (relays.size() < MOST_RELAYS) {
            relays.add(relay);
        }
    }

    /** The texts of the elements within one, by name; the reader ends at its end. */
    private static Map<String, String> children(XMLStreamReader reader) throws XMLStreamException {
        Map<String, String> texts = new HashMap<>();
        while (reader.next() != XMLStreamConstants.END_ELEMENT) {
            if (reader.isStartElement()) {
                String name = reader.getLocalName();
                boolean known = isOfTheFormat(reader);
                Optional<String> text = text(reader);
                if (known) {
                    text.ifPresent(value -> texts.put(name, value));
                }
            }
        }
        return texts;
    }

    private static boolean isOfTheFormat(XMLStreamReader reader) {
        return MrasFormat.NAMESPACE.equals(reader.getNamespaceURI());
    }

    /** What an element says, empty where it has elements of its own; the reader ends at its end. */
    private static Optional<String> text(XMLStreamReader reader) throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        boolean plain = true;
        for (int depth = 1; depth > 0; ) {
            switch (reader.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    plain = false;
                    depth++;
                }
                case XMLStreamConstants.END_ELEMENT -> depth--;
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE ->
                    text.append(reader.getText());
                default -> {
                    // comments and instructions
                }
            }
        }
        return plain ? Optional.of(text.toString().strip()) : Optional.empty();
    }

    private Optional<MrasResponse.Credentials> credentials() {
        String username = credentials.getOrDefault("username", "");
        String password = credentials.getOrDefault("password", "");
        if (username.isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new MrasResponse.Credentials(
                    username,
                    password,
                    number(credentials.get("duration"), MOST_MINUTES).map(Duration::ofMinutes),
                    Optional.ofNullable(credentials.get("realm"))));
        } catch (IllegalArgumentException e) {
            throw new MrasException("the answer's credentials are no base64");
        }
    }

    private static Optional<MediaRelay> relay(Map<String, String> texts) {
        String host = texts.getOrDefault("hostName", texts.getOrDefault("directIPAddress", ""));
        if (host.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new MediaRelay(
                RelayLocation.ofToken(texts.getOrDefault("location", "")),
                host,
                port(texts, "udpPort", MediaRelay.DEFAULT_UDP_PORT),
                port(texts, "tcpPort", MediaRelay.DEFAULT_TCP_PORT)));
    }

    /** A port that is left out is the usual one; 0 and nonsense mean that there is none. */
    private static Optional<Integer> port(Map<String, String> texts, String name, int usual) {
        return texts.containsKey(name) ? number(texts.get(name), MOST_PORT).map(Long::intValue) : Optional.of(usual);
    }

    private static Optional<Long> number(@org.jspecify.annotations.Nullable String text, long most) {
        if (text == null || !text.matches("[0-9]{1,9}")) {
            return Optional.empty();
        }
        long number = Long.parseLong(text);
        return number >= 1 && number <= most ? Optional.of(number) : Optional.empty();
    }
}
