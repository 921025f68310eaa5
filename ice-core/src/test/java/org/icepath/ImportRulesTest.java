// SPDX-License-Identifier: Apache-2.0
package org.icepath;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Arrows only point down: which package of the main code may name which other one. */
class ImportRulesTest {

    private static final List<String> MODULES = List.of("stun-codec", "sdp-candidates", "turn-client", "ice-core");

    private static final String BASE = "org.icepath.sansio";
    private static final Set<String> STUN = Set.of(
            BASE, "org.icepath.stun", "org.icepath.stun.auth", "org.icepath.stun.hmac", "org.icepath.stun.transaction");
    private static final String NETTY = "io.netty";
    private static final String LOGGING = "org.slf4j";
    private static final String PRECIS = "rocks.xmpp.precis";
    private static final String BOUNCY_CASTLE = "org.bouncycastle";

    /** What each package may import besides the JDK, the annotations and itself. */
    private static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            Map.entry(BASE, Set.of()),
            Map.entry("org.icepath.stun.hmac", Set.of(BASE)),
            Map.entry("org.icepath.stun", Set.of(BASE, "org.icepath.stun.hmac")),
            Map.entry("org.icepath.stun.auth", Set.of(BASE, "org.icepath.stun", "org.icepath.stun.hmac")),
            Map.entry("org.icepath.stun.transaction", Set.of(BASE, "org.icepath.stun")),
            Map.entry("org.icepath.stun.ms", Set.of(BASE, "org.icepath.stun", "org.icepath.stun.hmac")),
            Map.entry("org.icepath.turn.wire", STUN),
            Map.entry("org.icepath.candidate", Set.of()),
            Map.entry("org.icepath.sdp", Set.of("org.icepath.candidate")),
            Map.entry("org.icepath.sdp.ms", Set.of("org.icepath.candidate", "org.icepath.sdp")),
            Map.entry("org.icepath.sdp.explain", Set.of("org.icepath.candidate", "org.icepath.sdp")),
            Map.entry("org.icepath.connection", Set.of()),
            Map.entry("org.icepath.turn", plus(STUN, "org.icepath.turn.wire", PRECIS)),
            Map.entry("org.icepath.turn.mras", Set.of("org.icepath.turn")),
            Map.entry("org.icepath.turn.mras.client", Set.of("org.icepath.turn", "org.icepath.turn.mras")),
            Map.entry(
                    "org.icepath.turn.ms",
                    plus(STUN, "org.icepath.stun.ms", "org.icepath.turn", "org.icepath.turn.mras")),
            Map.entry("org.icepath.net", Set.of(BASE, "org.icepath.connection", NETTY, LOGGING, BOUNCY_CASTLE)),
            Map.entry("org.icepath.turn.nat", plus(STUN, "org.icepath.turn.wire", "org.icepath.turn")),
            Map.entry(
                    "org.icepath.turn.nat.client",
                    Set.of(BASE, "org.icepath.turn", "org.icepath.turn.nat", "org.icepath.net")),
            Map.entry("org.icepath.net.mdns", Set.of(BASE, "org.icepath.net", NETTY, LOGGING)),
            Map.entry(
                    "org.icepath.turn.client",
                    plus(
                            STUN,
                            "org.icepath.turn.wire",
                            "org.icepath.turn",
                            "org.icepath.connection",
                            "org.icepath.net",
                            NETTY,
                            LOGGING)),
            // a path is a channel of Netty, too
            Map.entry(
                    "org.icepath.ice",
                    plus(
                            STUN,
                            "org.icepath.candidate",
                            "org.icepath.sdp",
                            "org.icepath.turn",
                            "org.icepath.turn.wire",
                            "org.icepath.connection",
                            "io.netty.channel")),
            Map.entry(
                    "org.icepath.ice.ms",
                    plus(
                            STUN,
                            "org.icepath.stun.ms",
                            "org.icepath.candidate",
                            "org.icepath.sdp",
                            "org.icepath.sdp.ms",
                            "org.icepath.turn",
                            "org.icepath.turn.ms",
                            "org.icepath.ice")),
            Map.entry("org.icepath.ice.pacing", Set.of(BASE, "org.icepath.ice")),
            Map.entry(
                    "org.icepath.ice.agent",
                    plus(STUN, "org.icepath.candidate", "org.icepath.ice", "org.icepath.ice.pacing")),
            Map.entry(
                    "org.icepath.ice.gather",
                    plus(
                            STUN,
                            "org.icepath.candidate",
                            "org.icepath.sdp",
                            "org.icepath.ice",
                            "org.icepath.ice.pacing",
                            "org.icepath.turn",
                            "org.icepath.turn.wire")),
            Map.entry(
                    "org.icepath.ice.engine",
                    plus(
                            STUN,
                            "org.icepath.candidate",
                            "org.icepath.sdp",
                            "org.icepath.sdp.explain",
                            "org.icepath.turn",
                            "org.icepath.turn.wire",
                            "org.icepath.ice",
                            "org.icepath.ice.pacing",
                            "org.icepath.ice.agent",
                            "org.icepath.ice.gather")),
            Map.entry("org.icepath.ice.netty", Set.of("org.icepath", NETTY, LOGGING)),
            Map.entry("org.icepath", Set.of("org.icepath.ice", "org.icepath.ice.netty", NETTY)));

    /** Packages of machines and values: no thread, clock, socket, DNS, logger or randomness of their own. */
    private static final Set<String> PURE = MAY_IMPORT.keySet().stream()
            .filter(name -> !Set.of(
                            "org.icepath",
                            "org.icepath.net",
                            "org.icepath.net.mdns",
                            "org.icepath.turn.client",
                            "org.icepath.turn.mras.client",
                            "org.icepath.turn.nat.client",
                            "org.icepath.ice.netty")
                    .contains(name))
            .collect(Collectors.toUnmodifiableSet());

    /** The façade promises futures, a monitor is given an executor, and all loops share the pacer; none starts a thread. */
    private static final Set<String> HARMLESS = Set.of(
            "java.util.concurrent.CompletableFuture",
            "java.util.concurrent.CompletionStage",
            "java.util.concurrent.ScheduledExecutorService",
            "java.util.concurrent.ScheduledFuture",
            "java.util.concurrent.TimeUnit",
            "java.util.concurrent.atomic.AtomicLong");

    private static final Pattern IMPORT =
            Pattern.compile("^import (?:static )?([a-z_0-9.]+?)\\.([A-Z]\\w*)(?:\\.[\\w*]+)*;", Pattern.MULTILINE);
    private static final Pattern QUALIFIED = Pattern.compile("\\borg\\.icepath(?:\\.[a-z0-9]+)*(?=\\.[A-Z])");
    private static final Pattern IMPURE = Pattern.compile(
            "System\\.(?:nanoTime|currentTimeMillis|getProperty)|Thread\\.|new Thread|SecureRandom|Instant\\.now"
                    + "|getByName|DatagramSocket|DatagramChannel|ThreadLocalRandom|new Random\\(\\)");
    /** A path is a socket, too: the façade names the type, the shell has one. */
    private static final Map<String, String> NAMED_ONLY = Map.of("IcePath.java", "DatagramSocket");

    private static final Pattern COMMENT = Pattern.compile("/\\*.*?\\*/|//[^\\n]*", Pattern.DOTALL);

    private record Source(Path file, String name, String code) {}

    private static Set<String> plus(Set<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("stun-codec"))
                ? here
                : here.resolve("..").normalize();
    }

    private static List<Source> sources() throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String module : MODULES) {
            Path main = root().resolve(module).resolve("src/main/java");
            try (Stream<Path> files = Files.walk(main)) {
                for (Path file : files.filter(each -> each.toString().endsWith(".java"))
                        .filter(each -> !each.endsWith("module-info.java"))
                        .toList()) {
                    String name = main.relativize(file.getParent()).toString().replace('/', '.');
                    String code = COMMENT.matcher(Files.readString(file)).replaceAll("");
                    sources.add(new Source(file, name, code));
                }
            }
        }
        assertThat(sources).as("control: the sources are found").hasSizeGreaterThan(150);
        return sources;
    }

    private static boolean isVendors(String name) {
        return name.endsWith(".ms") || name.contains(".ms.");
    }

    private static boolean mayName(String from, String to) {
        if (to.equals(from)
                || to.startsWith("java.")
                || to.startsWith("javax.")
                || to.equals("org.jspecify.annotations")) {
            return true;
        }
        return MAY_IMPORT.getOrDefault(from, Set.of()).stream()
                .anyMatch(allowed -> to.equals(allowed)
                        || to.startsWith(allowed + ".") && (allowed.equals(NETTY) || !to.startsWith("org.icepath"))
                        || from.equals("org.icepath.ice.netty") && to.startsWith("org.icepath."));
    }

    @Test
    void everyPackageStandsInTheTable() throws IOException {
        assertThat(sources()).extracting(Source::name).allSatisfy(name -> assertThat(MAY_IMPORT)
                .containsKey(name));
    }

    @Test
    void packagesNameOnlyWhatLiesBelowThem() throws IOException {
        List<String> offences = new ArrayList<>();
        for (Source source : sources()) {
            Matcher imports = IMPORT.matcher(source.code());
            while (imports.find()) {
                if (!mayName(source.name(), imports.group(1))) {
                    offences.add(source.file() + " imports " + imports.group(1) + "." + imports.group(2));
                }
            }
            Matcher qualified = QUALIFIED.matcher(source.code());
            while (qualified.find()) {
                if (!mayName(source.name(), qualified.group())) {
                    offences.add(source.file() + " names " + qualified.group());
                }
            }
        }
        assertThat(offences).isEmpty();
    }

    // Each layer has one, all stand in the table, and none may do what a machine may not
    @Test
    void vendorsPackagesAreHeldToTheSameRules() throws IOException {
        List<String> vendors = sources().stream()
                .map(Source::name)
                .filter(ImportRulesTest::isVendors)
                .distinct()
                .toList();

        assertThat(vendors)
                .containsExactlyInAnyOrder(
                        "org.icepath.stun.ms", "org.icepath.sdp.ms", "org.icepath.turn.ms", "org.icepath.ice.ms");
        assertThat(PURE).containsAll(vendors);
        assertThat(mayName("org.icepath.ice.ms", "org.icepath.ice.agent")).isFalse();
        assertThat(mayName("org.icepath.stun.ms", "org.icepath.turn")).isFalse();
    }

    // only the application picks a vendor's profile
    @Test
    void noClassOutsideAVendorsPackagesNamesOne() throws IOException {
        Pattern vendors = Pattern.compile("org\\.icepath(?:\\.[a-z]+)*\\.ms\\b|\\bMsProfiles\\b");
        assertThat(sources())
                .filteredOn(source -> !isVendors(source.name()))
                .filteredOn(source -> vendors.matcher(source.code()).find())
                .extracting(Source::file)
                .isEmpty();
    }

    @Test
    void machinesHaveNoThreadClockSocketOrRandomnessOfTheirOwn() throws IOException {
        List<String> offences = new ArrayList<>();
        for (Source source : sources()) {
            if (!PURE.contains(source.name())) {
                continue;
            }
            Matcher impure = IMPURE.matcher(source.code());
            while (impure.find()) {
                if (!impure.group()
                        .equals(NAMED_ONLY.get(source.file().getFileName().toString()))) {
                    offences.add(source.file() + " uses " + impure.group());
                }
            }
            Matcher imports = IMPORT.matcher(source.code());
            while (imports.find()) {
                String type = imports.group(1) + "." + imports.group(2);
                if (imports.group(1).startsWith("java.util.concurrent") && !HARMLESS.contains(type)) {
                    offences.add(source.file() + " imports " + type);
                }
            }
        }
        assertThat(offences).isEmpty();
    }
}
