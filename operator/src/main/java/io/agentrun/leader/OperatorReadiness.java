package io.agentrun.leader;

import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Ready is who could lead: the informers have synced and work, and no shutdown has begun. A standby is ready. */
@Readiness
@Singleton
public class OperatorReadiness implements HealthCheck {
    private final OperatorRun run;
    private final Leadership leadership;

    /**
     * @param run how far we are
     * @param leadership shown for people
     */
    public OperatorReadiness(OperatorRun run, Leadership leadership) {
        this.run = run;
        this.leadership = leadership;
    }

    @Override
    public HealthCheckResponse call() {
        var reasons = run.notReady();
        var response = HealthCheckResponse.named("operator").withData("leader", leadership.isLeader());
        reasons.stream().reduce((a, b) -> a + ", " + b).ifPresent(all -> response.withData("reason", all));
        return response.status(reasons.isEmpty()).build();
    }
}
