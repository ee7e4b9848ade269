package io.agentrun.kube;

/** An object that the operator must write exists already and belongs to somebody else. Never adopted, never changed. */
public final class NameTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message whose object it is and what to do */
    public NameTakenException(String message) {
        super(message);
    }
}
