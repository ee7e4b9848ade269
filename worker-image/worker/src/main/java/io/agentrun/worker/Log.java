package io.agentrun.worker;

import java.io.PrintStream;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Structured logging: one JSON object a line, each with the agent that speaks. Callers pass facts only, never values of the
 * environment at large or of requests.
 *
 * @param out where lines go
 * @param clock gives the time stamps
 * @param agent name and namespace of the agent, mode of execution; those that are known
 */
record Log(PrintStream out, Clock clock, Map<String, String> agent) {
    /** Takes the agent's names from its environment. */
    static Log of(PrintStream out, Clock clock, Map<String, String> environment) {
        Map<String, String> agent = new LinkedHashMap<>();
        agent.put("namespace", environment.get("AGENTRUN_NAMESPACE"));
        agent.put("agent", environment.get("AGENTRUN_AGENT"));
        agent.put("mode", environment.get("AGENTRUN_MODE"));
        return new Log(out, clock, agent);
    }

    void info(String message, Map<String, ?> fields) {
        line("info", message, fields);
    }

    void error(String message, Map<String, ?> fields) {
        line("error", message, fields);
    }

    private void line(String level, String message, Map<String, ?> fields) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", clock.instant().toString());
        line.put("level", level);
        line.put("message", message);
        line.putAll(agent);
        line.putAll(new TreeMap<>(fields)); // the same order in every line
        out.println(Json.of(line));
    }
}
