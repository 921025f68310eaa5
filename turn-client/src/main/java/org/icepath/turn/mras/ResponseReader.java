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
        return new MrasResponse(requestId, reason, credentials(), relays);
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
        if (!reader.isStartElement()
                || !reader.getLocalName().equals("response")
                || !MrasFormat.NAMESPACE.equals(reader.getNamespaceURI())) {
            throw new MrasException("the answer does not begin with response in " + MrasFormat.NAMESPACE);
        }
        requestId = attribute(reader, "requestID");
        reason = MrasReason.of(attribute(reader, "reasonPhrase"));
    }

    private static String attribute(XMLStreamReader reader, String name) {
        String value = reader.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    private void readElement(XMLStreamReader reader) throws XMLStreamException {
        switch (reader.getLocalName()) {
            case "credentials" -> credentials.putAll(children(reader, "credentials"));
            case "mediaRelay" -> relay(children(reader, "mediaRelay")).ifPresent(this::add);
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
    private static Map<String, String> children(XMLStreamReader reader, String parent) throws XMLStreamException {
        Map<String, String> texts = new HashMap<>();
        while (reader.hasNext()) {
            int event = reader.next();
            if (event == XMLStreamConstants.END_ELEMENT && reader.getLocalName().equals(parent)) {
                break;
            }
            if (event == XMLStreamConstants.START_ELEMENT) {
                String name = reader.getLocalName();
                texts.put(name, reader.getElementText().strip());
            }
        }
        return texts;
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
