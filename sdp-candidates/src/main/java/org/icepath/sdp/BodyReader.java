// SPDX-License-Identifier: Apache-2.0
package org.icepath.sdp;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.StreamDescription;

/** Reads a whole body. */
final class BodyReader {
    private BodyReader() {}

    static ParsedSdp read(SdpBody body, SdpDialect dialect) {
        Problems problems = new Problems();
        IceDescription.Builder description = IceDescription.builder();
        SessionReader session = new SessionReader(description, dialect, problems);
        session.read(bounded(body.session(), problems));
        boolean allWithIce = true;
        int streams = Math.min(body.media().size(), SdpLimits.STREAMS);
        for (int i = 0; i < streams; i++) {
            List<SdpLine> lines = bounded(body.media().get(i), problems);
            StreamDescription stream = new MediaReader(i, session, dialect, problems).read(lines);
            description.stream(stream);
            lines.stream()
                    .filter(line -> line.isType('a'))
                    .flatMap(line -> dialect.mark(line.attribute(), line.attributeValue()).stream())
                    .forEach(description::mark);
            allWithIce &= stream.credentials().isPresent();
        }
        if (allWithIce) {
            // else they would reach a stream whose own credentials were bad
            session.pair().ifPresent(description::sessionCredentials);
        }
        if (streams < body.media().size()) {
            SdpLine next = body.media().get(streams).get(0);
            problems.add(next, "more than " + streams + " streams: this and the rest left out");
        }
        firstBeyondTheBound(body)
                .ifPresent(line ->
                        problems.add(line, "more than " + SdpLimits.LINES + " lines: this and the rest not read"));
        return new ParsedSdp(description.build(), problems.list());
    }

    private static Optional<SdpLine> firstBeyondTheBound(SdpBody body) {
        return Stream.concat(body.session().stream(), body.media().stream().flatMap(List::stream))
                .filter(line -> line.number() > SdpLimits.LINES)
                .findFirst();
    }

    /** The lines of a section that may be read: not beyond the bound, and none that is too long. */
    private static List<SdpLine> bounded(List<SdpLine> lines, Problems problems) {
        for (SdpLine line : lines) {
            if (line.text().length() > SdpLimits.LINE_LENGTH) {
                problems.add(line, "longer than " + SdpLimits.LINE_LENGTH + " characters: not read");
            }
        }
        return lines.stream()
                .filter(line -> line.number() <= SdpLimits.LINES)
                .filter(line -> line.text().length() <= SdpLimits.LINE_LENGTH || line.isType('m'))
                .toList();
    }
}
