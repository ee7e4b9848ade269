package io.agentrun.leader;

/** A write was refused before it left, because this process does not lead. Nothing to handle: the leader will do it. */
public final class NotLeaderException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    NotLeaderException(String request) {
        super("this process does not lead, so it does not send " + request);
    }
}
