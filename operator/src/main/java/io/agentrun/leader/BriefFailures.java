package io.agentrun.leader;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.quarkus.logging.LoggingFilter;
import java.util.logging.Filter;
import java.util.logging.LogRecord;
import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.ExtLogRecord.FormatStyle;

/**
 * Turns the stack trace that an informer logs at every reconnection, and JOSDK at every try of a reconciliation that the API
 * server answered with an error, into its cause in one line: an API server that is away or busy for a minute is no puzzle.
 */
@LoggingFilter(name = "brief-failures")
public final class BriefFailures implements Filter {
    private static final String INFORMERS = "io.fabric8.kubernetes.client.informers.";
    private static final String RETRIES = "io.javaoperatorsdk.operator.processing.event.EventProcessor";

    @Override
    public boolean isLoggable(LogRecord record) {
        if (record instanceof ExtLogRecord log
                && log.getThrown() != null
                && log.getLoggerName() != null
                && (log.getLoggerName().startsWith(INFORMERS)
                        || (log.getLoggerName().equals(RETRIES)
                                && log.getThrown() instanceof KubernetesClientException))) {
            log.setMessage(log.getMessage() + ": " + OperatorRun.reason(log.getThrown()), FormatStyle.NO_FORMAT);
            log.setThrown(null);
        }
        return true;
    }
}
