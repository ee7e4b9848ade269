package io.agentrun.leader;

import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * Turns the stack trace that an informer logs at every reconnection into its cause in one line: an API server that is away
 * for a minute is no puzzle.
 */
@LoggingFilter(name = "brief-failures")
public final class BriefFailures implements Filter {
    private static final String INFORMERS = "io.fabric8.kubernetes.client.informers.";

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord log
                && log.getThrown() != null
                && log.getLoggerName() != null
                && log.getLoggerName().startsWith(INFORMERS)) {
            log.setMessage(log.getMessage() + ": " + OperatorRun.reason(log.getThrown()), FormatStyle.NO_FORMAT);
            log.setThrown(null);
        }
        return true;
    }
}
