// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.icepath.candidate.Candidate;
import org.icepath.candidate.IceDescription;
import org.icepath.candidate.InterfaceKind;
import org.icepath.candidate.TcpType;
import org.icepath.connection.ConnectionSettings;
import org.icepath.ice.CandidateFilter;
import org.icepath.ice.Generation;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IcePath;
import org.icepath.ice.IcePeer;
import org.icepath.ice.IceProfile;
import org.icepath.ice.IceRole;
import org.icepath.ice.IceRuntime;
import org.icepath.ice.IceSession;
import org.icepath.ice.NatMapping;
import org.icepath.ice.NetworkMonitor;
import org.icepath.ice.NominationPolicy;
import org.icepath.ice.Pacer;
import org.icepath.ice.PathRanking;
import org.icepath.ice.PathSelector;
import org.icepath.ice.RelayPolicy;
import org.icepath.ice.StreamConfig;
import org.icepath.ice.Timings;
import org.icepath.turn.CredentialSupplier;
import org.icepath.turn.StunServer;
import org.icepath.turn.TurnServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What an application may leave out by mistake is refused where it is handed over, by the argument's name: not later, on an event loop. */
class NullArgumentsTest {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    /** Something of each kind that would be taken, so that there is nothing to refuse but the null. */
    private final Map<Class<?>, Object> valid = new HashMap<>();

    NullArgumentsTest() {
        valid.put(int.class, 1);
        valid.put(int[].class, new int[] {1});
        valid.put(String.class, "audio");
        valid.put(Duration.class, Duration.ofMillis(50));
        valid.put(List.class, List.of());
        valid.put(InetAddress.class, HERE);
        valid.put(InetAddress[].class, new InetAddress[] {HERE});
        valid.put(ByteBuffer.class, ByteBuffer.allocate(1));
        valid.put(Consumer.class, (Consumer<Object>) nobody -> {});
        valid.put(BiConsumer.class, (BiConsumer<Object, Object>) (nobody, nothing) -> {});
        valid.put(TcpType[].class, new TcpType[] {TcpType.ACTIVE});
        valid.put(StreamConfig.class, new StreamConfig("video", List.of(1), 0, 0, 0, false));
        valid.put(StunServer.class, StunServer.parse("stun:192.0.2.1"));
        valid.put(TurnServer.class, TurnServer.parse("turn:192.0.2.1").credentials("user", "secret"));
        valid.put(CredentialSupplier.class, (CredentialSupplier) wanted -> new CompletableFuture<>());
        valid.put(ConnectionSettings.class, ConnectionSettings.create());
        valid.put(CandidateFilter.class, CandidateFilter.udpOnly());
        valid.put(NatMapping.class, NatMapping.host(HERE, HERE));
        valid.put(InterfaceKind.class, InterfaceKind.VPN);
        valid.put(Timings.class, Timings.RFC8445);
        valid.put(PathRanking.class, PathRanking.standard());
        valid.put(NominationPolicy.class, NominationPolicy.best());
        valid.put(PathSelector.class, PathSelector.best(PathRanking.standard()));
        valid.put(RelayPolicy.class, RelayPolicy.KEEP_ONE);
        valid.put(IceProfile.class, IceProfile.RFC8445);
        valid.put(IceRole.class, IceRole.CONTROLLED);
        valid.put(Pacer.class, Pacer.perAgent());
        valid.put(NetworkMonitor.class, NetworkMonitor.none());
        valid.put(Generation.class, new Generation(0, "ufrag"));
    }

    @Test
    void aConfigurationNamesWhatIsMissing() {
        assertThat(takenNulls(IceConfig.class, audio(1))).isEmpty();
        assertThat(takenNulls(NetworkMonitor.class, null)).isEmpty();
        assertThat(takenNulls(CandidateFilter.class, null)).isEmpty();
        assertThat(takenNulls(NominationPolicy.class, null)).isEmpty();
        assertThat(takenNulls(PathSelector.class, null)).isEmpty();
    }

    @Test
    void aRuntimeNamesWhatIsMissing() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        valid.put(EventLoopGroup.class, group);

        assertThat(takenNulls(RuntimeConfig.class, RuntimeConfig.create())).isEmpty();
        try (NettyIceRuntime runtime = NettyIceRuntime.start(group)) {
            assertThat(takenNulls(IceRuntime.class, runtime)).isEmpty();
        }
        group.shutdownGracefully();
    }

    @Test
    void aCallNamesWhatIsMissing() throws Exception {
        try (NettyIceRuntime runtime = NettyIceRuntime.start();
                Call call = Call.connect(runtime, audio(1))) {
            IceDescription theirs = await(call.toAlice().offer());
            Candidate candidate = theirs.streams().get(0).candidates().get(0);
            valid.put(IceDescription.class, theirs);
            valid.put(Candidate.class, candidate);

            assertThat(takenNulls(IceSession.class, call.alice())).isEmpty();
            assertThat(takenNulls(IcePeer.class, call.toBob())).isEmpty();
            assertThat(takenNulls(IcePath.class, call.toBob().path("audio", 1))).isEmpty();
        }
    }

    /** Each argument of the public methods that a face declares in place of which null is taken, or refused by another name. */
    private List<String> takenNulls(Class<?> face, @Nullable Object on) {
        List<String> taken = new ArrayList<>();
        int asked = 0;
        for (Method method : face.getDeclaredMethods()) {
            boolean called = Modifier.isPublic(method.getModifiers())
                    && !method.isSynthetic()
                    && Modifier.isStatic(method.getModifiers()) == (on == null)
                    && !method.getName().equals("equals");
            for (int index = 0; called && index < method.getParameterCount(); index++) {
                Parameter parameter = method.getParameters()[index];
                if (!parameter.getType().isPrimitive()) {
                    asked++;
                    String refused = refusal(method, index, on);
                    if (!refused.equals(parameter.getName())) {
                        taken.add(method + ": " + parameter.getName() + " " + refused);
                    }
                }
            }
        }
        assertThat(asked).as("arguments of " + face).isPositive();
        return taken;
    }

    private String refusal(Method method, int missing, @Nullable Object on) {
        Class<?>[] types = method.getParameterTypes();
        @Nullable Object[] arguments = new @Nullable Object[types.length];
        for (int index = 0; index < types.length; index++) {
            arguments[index] =
                    index == missing ? null : Objects.requireNonNull(valid.get(types[index]), types[index]::toString);
        }
        try {
            method.invoke(on, arguments);
            return "is taken";
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            return cause instanceof NullPointerException ? String.valueOf(cause.getMessage()) : String.valueOf(cause);
        } catch (IllegalAccessException hidden) {
            return "cannot be asked: " + hidden.getMessage();
        }
    }
}
