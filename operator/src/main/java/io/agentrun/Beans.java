package io.agentrun;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** What the container can't make by itself. */
final class Beans {
    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }
}
