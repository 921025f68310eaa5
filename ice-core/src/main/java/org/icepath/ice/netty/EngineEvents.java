// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.icepath.ice.IceEvent;
import org.icepath.ice.IceException;
import org.icepath.ice.engine.EngineEvent;
import org.icepath.net.mdns.MulticastDns;

/** What the engine of one session says: told to whom it concerns, or carried out. Confined to the session's event loop. */
final class EngineEvents implements Consumer<EngineEvent> {

    private final SessionShell shell;
    private final MulticastDns multicastDns;
    private final RemoteNames remoteNames;
    private final CredentialRequests credentials;
    private List<String> published = List.of(); // most sessions hide no address

    EngineEvents(SessionShell shell, Names names, MulticastDns multicastDns) {
        this.shell = shell;
        this.multicastDns = multicastDns;
        this.remoteNames = new RemoteNames(shell, names, multicastDns);
        this.credentials = new CredentialRequests(shell);
    }

    @Override
    public void accept(EngineEvent event) {
        if (event instanceof EngineEvent.PeerEvent told) {
            tell(told.peer(), told.event());
        } else if (event instanceof EngineEvent.RouteChanged changed) {
            shell.peers().routeChanged(changed, shell.driver());
        } else if (event instanceof EngineEvent.AnswerDue due) {
            shell.peers().answerDue(due.peer());
        } else if (event instanceof EngineEvent.SessionEvent told) {
            tell(told.event());
        } else if (event instanceof EngineEvent.DescriptionDue) {
            shell.described().atFirst();
        } else if (event instanceof EngineEvent.FullDescriptionDue) {
            shell.described().inFull();
        } else if (event instanceof EngineEvent.Closed) {
            shell.finishSoon();
        } else {
            carryOut(event);
        }
    }

    private void carryOut(EngineEvent event) {
        if (event instanceof EngineEvent.ResolveName wanted) {
            remoteNames.resolve(wanted);
        } else if (event instanceof EngineEvent.PublishName ours) {
            publish(ours);
        } else if (event instanceof EngineEvent.SocketWanted wanted) {
            shell.gathering().bindBeside(wanted);
        } else if (event instanceof EngineEvent.StunServerSought sought) {
            shell.gathering().find(sought);
        } else if (event instanceof EngineEvent.TurnServerSought sought) {
            shell.gathering().find(sought);
        } else if (event instanceof EngineEvent.CredentialsWanted wanted) {
            credentials.ask(wanted);
        } else if (event instanceof EngineEvent.FragmentUsed used) {
            shell.lodging().ifPresent(shared -> shared.answers(used.fragment()));
            shell.listening().ifPresent(shared -> shared.answers(used.fragment()));
        } else if (event instanceof EngineEvent.BaseUnused unused) {
            shell.driver().release(unused.base());
        }
    }

    private void publish(EngineEvent.PublishName ours) {
        if (published.isEmpty()) {
            published = new ArrayList<>(2);
        }
        published.add(ours.name());
        multicastDns.publish(ours.name(), ours.ip());
    }

    /** Our names stand for nothing any more. */
    void withdrawNames() {
        published.forEach(multicastDns::withdraw);
    }

    /** Tells the listeners of one peer, and those of the session. */
    void tell(int peer, IceEvent event) {
        shell.log().event(peer, event);
        NettyIcePeer known = shell.peers().peer(peer);
        if (known != null) {
            known.handle(event);
        }
        shell.callbacks().tell(event);
    }

    private void tell(IceEvent event) {
        shell.log().event(event);
        if (event instanceof IceEvent.Failed failed) {
            shell.described().fail(new IceException(failed.failure()));
        } else if (event instanceof IceEvent.GatheringCompleted) {
            shell.gathering().added().completed();
        }
        shell.callbacks().tell(event);
    }
}
