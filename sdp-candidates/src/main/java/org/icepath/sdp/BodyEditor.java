// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/** Puts a description into an existing body. What already says the right thing keeps every byte. For one edit. */
final class BodyEditor {
    private static final Pattern MEDIA_PORT = Pattern.compile("(m=[^ ]+ +)[0-9]+");

    private final SdpBody body;
    private final IceDescription before;
    private final IceDescription after;
    private final SdpDialect dialect;
    private final StringBuilder text = new StringBuilder();

    /** @param after complete with default destinations */
    BodyEditor(SdpBody body, IceDescription after, SdpDialect dialect) {
        this.body = body;
        this.before = BodyReader.read(body, dialect).description();
        this.after = before.equals(after) ? after : IceSdp.laidOut(after, dialect);
        this.dialect = dialect;
        if (after.streams().size() > before.streams().size()) {
            throw new IllegalArgumentException(
                    "the description has " + after.streams().size() + " streams, the body has "
                            + before.streams().size());
        }
    }

    String edit() {
        boolean sessionStays = before.equals(after) || sessionStays();
        if (sessionStays) {
            appendVerbatim(body.session());
        } else {
            append(withIceLines(body.session(), IceLines.session(after), false));
        }
        for (int i = 0; i < body.media().size(); i++) {
            List<SdpLine> section = body.media().get(i);
            boolean known = i < after.streams().size();
            if (!known
                    || (sessionStays
                            && after.streams().get(i).equals(before.streams().get(i)))) {
                appendVerbatim(section);
            } else {
                append(section(section, after.streams().get(i)));
            }
        }
        return text.toString();
    }

    private boolean sessionStays() {
        boolean allEnded =
                body.session().stream().noneMatch(line -> line.attribute().equals("end-of-candidates"))
                        || after.streams().stream().allMatch(StreamDescription::endOfCandidates);
        // a pair that is not in the description would still give credentials to a rewritten stream
        boolean hiddenCredentials =
                before.sessionCredentials().isEmpty() && body.session().stream().anyMatch(BodyEditor::isCredential);
        return allEnded
                && !hiddenCredentials
                && before.sessionCredentials().equals(after.sessionCredentials())
                && before.options().equals(after.options())
                && before.pacing().equals(after.pacing())
                && before.lite() == after.lite();
    }

    private static boolean isCredential(SdpLine line) {
        return line.attribute().equals("ice-ufrag") || line.attribute().equals("ice-pwd");
    }

    private List<SdpLine> section(List<SdpLine> lines, StreamDescription stream) {
        Optional<CandidateAddress> destination = stream.destination();
        List<String> iceLines = IceLines.media(stream, after.sessionCredentials(), dialect);
        List<SdpLine> edited = withIceLines(lines, iceLines, destination.isPresent());
        if (destination.isPresent()) {
            edited.set(0, withPort(edited.get(0), destination.get().port()));
            setConnection(edited, destination.get());
        }
        return edited;
    }

    /** The lines with those of ICE taken out and the new ones put where the first of them was, else at the end. */
    private List<SdpLine> withIceLines(List<SdpLine> lines, List<String> iceLines, boolean rtcpToo) {
        List<SdpLine> kept = new ArrayList<>();
        int place = -1;
        for (SdpLine line : lines) {
            if (IceLines.owns(line, dialect) || (rtcpToo && line.attribute().equals("rtcp"))) {
                place = place < 0 ? kept.size() : place;
            } else {
                kept.add(line);
            }
        }
        List<SdpLine> fresh = iceLines.stream().map(this::line).toList();
        kept.addAll(place < 0 ? endOf(kept) : place, fresh);
        return kept;
    }

    /** Behind the last line that is not blank: some bodies end in an empty line. */
    private static int endOf(List<SdpLine> lines) {
        int end = lines.size();
        while (end > 0 && lines.get(end - 1).text().isBlank()) {
            end--;
        }
        return end;
    }

    private SdpLine line(String newText) {
        return new SdpLine(0, newText, body.lineEnd());
    }

    private static SdpLine withPort(SdpLine line, int port) {
        Matcher matcher = MEDIA_PORT.matcher(line.text());
        return matcher.lookingAt()
                ? line.withText(matcher.group(1) + port + line.text().substring(matcher.end()))
                : line;
    }

    private void setConnection(List<SdpLine> lines, CandidateAddress address) {
        String wanted = "c=" + SdpAddresses.format(address);
        List<SdpLine> existing = lines.stream().filter(line -> line.isType('c')).toList();
        if (existing.isEmpty()) {
            if (!sessionConnectionIs(address)) {
                int place = lines.size() > 1 && lines.get(1).isType('i') ? 2 : 1;
                lines.add(place, line(wanted));
            }
            return;
        }
        lines.set(lines.indexOf(existing.get(0)), existing.get(0).withText(wanted));
        lines.removeAll(existing.subList(1, existing.size()));
    }

    private boolean sessionConnectionIs(CandidateAddress address) {
        return body.session().stream()
                .filter(line -> line.isType('c'))
                .reduce((first, last) -> last)
                .map(line -> line.value().equals(SdpAddresses.format(address)))
                .orElse(false);
    }

    private void appendVerbatim(List<SdpLine> lines) {
        endLine();
        lines.forEach(line -> text.append(line.text()).append(line.end()));
    }

    private void append(List<SdpLine> lines) {
        for (SdpLine line : lines) {
            endLine();
            text.append(line.text()).append(line.end());
        }
    }

    /** The last line of a body may lack its end; what is put behind it must not join it. */
    private void endLine() {
        char last = text.isEmpty() ? '\n' : text.charAt(text.length() - 1);
        if (last != '\n' && last != '\r') {
            text.append(body.lineEnd());
        }
    }
}
