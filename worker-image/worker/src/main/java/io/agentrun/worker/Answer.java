package io.agentrun.worker;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a client gets. */
record Answer(int status, String contentType, String body) {
    static Answer json(int status, String body) {
        return new Answer(status, "application/json", body);
    }

    static Answer json(int status, Map<String, ?> fields) {
        return json(status, Json.of(fields) + "\n");
    }

    /** An answer for something that went wrong: a reason for programs, a message for people. */
    static Answer problem(int status, String reason, String message) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason);
        fields.put("message", message);
        return json(status, fields);
    }
}
