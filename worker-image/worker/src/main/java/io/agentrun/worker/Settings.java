package io.agentrun.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the operator sets in the environment of an agent's container.
 *
 * @param port where to listen; 0 takes any free port
 * @param config the agent's document
 * @param shutdownTimeout from SIGTERM to the end of the process, at most
 */
record Settings(int port, Path config, Duration shutdownTimeout) {
    private static final String PORT = "AGENTRUN_PORT";
    private static final String CONFIG = "AGENTRUN_CONFIG";
    private static final String SHUTDOWN_TIMEOUT = "AGENTRUN_SHUTDOWN_TIMEOUT";

    // The same subset of Go's durations that the Agent API accepts.
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6}(h|m|s|ms))+");
    private static final Pattern DURATION_PART = Pattern.compile("([0-9]+)(ms|h|m|s)");

    /**
     * Reads the environment. Defaults: port 8080, {@code /etc/agentrun/agent.json}, 30 s.
     *
     * @throws WorkerException SettingInvalid when a value makes no sense; the message says what to write instead
     */
    static Settings from(Map<String, String> environment) throws WorkerException {
        return new Settings(
                port(environment.getOrDefault(PORT, "8080")),
                Path.of(environment.getOrDefault(CONFIG, "/etc/agentrun/agent.json")),
                duration(environment.getOrDefault(SHUTDOWN_TIMEOUT, "30s")));
    }

    private static int port(String text) throws WorkerException {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        throw new WorkerException(Exit.SettingInvalid, PORT + " is \"" + text + "\": write a port from 0 to 65535");
    }

    private static Duration duration(String text) throws WorkerException {
        if (!DURATION.matcher(text).matches()) {
            throw new WorkerException(
                    Exit.SettingInvalid,
                    SHUTDOWN_TIMEOUT + " is \"" + text
                            + "\": write numbers with h, m, s or ms, for example 30s or 1m30s");
        }
        Duration sum = Duration.ZERO;
        Matcher part = DURATION_PART.matcher(text);
        while (part.find()) {
            long number = Long.parseLong(part.group(1));
            sum = sum.plus(
                    switch (part.group(2)) {
                        case "h" -> Duration.ofHours(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "s" -> Duration.ofSeconds(number);
                        default -> Duration.ofMillis(number);
                    });
        }
        return sum;
    }
}
