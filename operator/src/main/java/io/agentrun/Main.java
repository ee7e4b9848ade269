package io.agentrun;

import io.agentrun.leader.OperatorRun;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;

/** The operator's process: the web endpoints answer at once, everything else comes up in the background. */
@QuarkusMain
public class Main implements QuarkusApplication {
    private final OperatorRun run;

    /** @param run the operator's way up and down */
    public Main(OperatorRun run) {
        this.run = run;
    }

    @Override
    public int run(String... args) {
        run.start();
        Quarkus.waitForExit();
        return 0;
    }
}
