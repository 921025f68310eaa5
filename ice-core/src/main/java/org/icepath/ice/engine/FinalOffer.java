// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.engine;

import java.net.InetSocketAddress;
import java.util.Optional;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.CandidateAddress;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.RemoteCandidate;
import org.icepath.candidate.StreamDescription;
import org.icepath.ice.CandidatePair;
import org.icepath.ice.agent.PairClaim;

/** An offer whose sender names the pairs that it has selected (RFC 8839 §5.2): each of our candidates with the one of its own. */
record FinalOffer(IceDescription offer) {

    /** Whether an offer names pairs. */
    static boolean isOne(IceDescription offer) {
        return offer.streams().stream()
                .anyMatch(stream -> !stream.remoteCandidates().isEmpty());
    }

    /** What the generations make of it; all pairs together are selected, or awaited, or one of them is unknown. */
    PairClaim claim(long at, Generations generations) {
        PairClaim worst = PairClaim.SELECTED;
        for (StreamDescription stream : offer.streams()) {
            Optional<PeerGeneration> generation =
                    generations.latestOf(stream.index()).filter(each -> each.fits(stream));
            if (generation.isEmpty()) {
                continue; // an ICE restart, or a stream without ICE: nothing was selected there
            }
            for (RemoteCandidate named : stream.remoteCandidates()) {
                PairClaim claim = claim(at, generation.get(), stream, named);
                worst = claim.compareTo(worst) > 0 ? claim : worst;
            }
        }
        return worst;
    }

    /** Whether packets go by the named pairs and the streams are concluded, so that an answer can have them. */
    boolean isInUse(Generations generations, PeerPaths paths) {
        for (StreamDescription stream : offer.streams()) {
            Optional<PeerGeneration> generation =
                    generations.latestOf(stream.index()).filter(each -> each.fits(stream));
            boolean concluded =
                    generation.map(each -> each.isSelected(stream.index())).orElse(true);
            boolean used = stream.remoteCandidates().stream()
                    .filter(named -> generation
                            .map(each -> each.agent().takesPart(stream.index(), named.component()))
                            .orElse(true))
                    .allMatch(named -> paths.active(stream.index(), named.component())
                            .filter(pair -> !isNamed(pair.pair(), stream, named))
                            .isEmpty());
            if (!concluded || !used) {
                return false;
            }
        }
        return true;
    }

    private static boolean isNamed(CandidatePair pair, StreamDescription stream, RemoteCandidate named) {
        return pair.local().address().equals(named.address())
                && theirs(stream, named).filter(pair.remote().address()::equals).isPresent();
    }

    private static Optional<CandidateAddress> theirs(StreamDescription stream, RemoteCandidate named) {
        return stream.candidates(named.component()).stream()
                .map(Candidate::address)
                .findFirst()
                .or(() -> stream.defaultDestination(named.component()));
    }

    private static PairClaim claim(
            long at, PeerGeneration generation, StreamDescription stream, RemoteCandidate named) {
        Optional<InetSocketAddress> ours = named.address().socketAddress();
        Optional<InetSocketAddress> peers = theirs(stream, named).flatMap(CandidateAddress::socketAddress);
        if (ours.isEmpty() || peers.isEmpty()) {
            return PairClaim.UNKNOWN;
        }
        return generation.agent().claim(at, stream.index(), named.component(), ours.get(), peers.get());
    }
}
