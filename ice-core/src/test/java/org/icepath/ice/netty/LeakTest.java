// SPDX-License-Identifier: Apache-2.0
package org.icepath.ice.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.icepath.ice.netty.Call.audio;
import static org.icepath.ice.netty.Call.await;

import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.icepath.ice.IceConfig;
import org.icepath.ice.IceRuntime;
import org.junit.jupiter.api.Test;

/** What calls leave behind: nothing. */
class LeakTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int ROUNDS = 100;

    @Test
    void callsLeaveNoThreadDescriptorOrBufferBehind() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        try (IceRuntime runtime = NettyIceRuntime.start()) {
            for (int warmUp = 0; warmUp < 10; warmUp++) {
                round(runtime, audio(1, 2));
            }
            int threads = Thread.activeCount();
            int descriptors = descriptors();
            long direct = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();

            for (int round = 0; round < ROUNDS; round++) {
                round(runtime, audio(1, 2));
            }

            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
            assertThat(descriptors()).isEqualTo(descriptors);
            assertThat(PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory())
                    .isLessThanOrEqualTo(direct);
        }
    }

    @Test
    void aRuntimeTakesItsThreadsAlong() throws Exception {
        IceRuntime runtime = NettyIceRuntime.start();
        round(runtime, audio(1));

        List<Thread> threads = ownThreads();
        assertThat(threads).isNotEmpty();

        runtime.close();

        for (Thread thread : threads) {
            thread.join(5_000); // its last steps come after the loop has said that it ended
            assertThat(thread.isAlive()).isFalse();
        }
    }

    // The bar of the project: no thread for each agent, one descriptor for each host candidate.
    @Test
    void anAgentCostsOneDescriptorForEachHostCandidateAndNoThread() throws Exception {
        assumeThat(DESCRIPTORS).isDirectory();
        try (IceRuntime runtime = NettyIceRuntime.start()) {
            round(runtime, audio(1, 2));
            int threads = Thread.activeCount();
            int descriptors = descriptors();
            List<Call> calls = new ArrayList<>();

            for (int call = 0; call < 20; call++) {
                calls.add(Call.connect(runtime, audio(1, 2)));
            }

            assertThat(descriptors() - descriptors).isEqualTo(20 * 2 * 2);
            assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads);
            calls.forEach(Call::close);
        }
    }

    private static void round(IceRuntime runtime, IceConfig config) throws Exception {
        Call call = Call.connect(runtime, config);
        CompletableFuture<Void> heard = new CompletableFuture<>();
        call.bobsPath(1).onReceive(packet -> heard.complete(null));
        await(call.alicesPath(1).ready());
        call.alicesPath(1).send(ByteBuffer.allocate(160).put(0, (byte) 0x80));
        await(heard);
        call.close();
        await(((NettyIceSession) call.alice()).ended());
        await(((NettyIceSession) call.bob()).ended());
    }

    private static int descriptors() throws Exception {
        try (var files = Files.list(DESCRIPTORS)) {
            return (int) files.filter(LeakTest::isSocket).count();
        }
    }

    // Class files and libraries that are opened along the way are no business of this test.
    private static boolean isSocket(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (java.io.IOException goneMeanwhile) {
            return false;
        }
    }

    private static List<Thread> ownThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("icepath-"))
                .toList();
    }
}
