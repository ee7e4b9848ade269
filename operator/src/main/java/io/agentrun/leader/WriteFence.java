package io.agentrun.leader;

import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Lets only reads through unless we lead at that very moment. It sits in the client, below every reconciler and below
 * JOSDK, and judges each attempt, so it also stops what the client would send again after a failure, and what a process
 * that was frozen for a while had in hand.
 *
 * @param leading whether we lead
 */
record WriteFence(BooleanSupplier leading) implements Interceptor {
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        if (!READS.contains(request.method()) && !leading.getAsBoolean()) {
            throw new NotLeaderException(request.method() + " " + request.uri().getPath());
        }
    }
}
