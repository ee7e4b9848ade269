package io.agentrun.worker;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * The document that the operator gives to an agent: a mounted file, which the kubelet replaces when it changes.
 *
 * @param file the document's place
 */
record Document(Path file) {
    /** A ConfigMap holds no more. */
    static final int MAX_BYTES = 1 << 20;

    /**
     * The document as it is now.
     *
     * @return the text of one JSON object
     * @throws WorkerException ConfigUnreadable or ConfigInvalid; the message shows no content
     */
    String read() throws WorkerException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw unreadable("does not exist");
        } catch (AccessDeniedException e) {
            throw unreadable("may not be read by this user");
        } catch (IOException e) {
            throw unreadable("cannot be read: " + e.getMessage());
        }
        if (bytes.length > MAX_BYTES) {
            throw unreadable("is larger than " + MAX_BYTES + " bytes");
        }
        requireObject(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void requireObject(byte[] bytes) throws WorkerException {
        try (JsonParser json = Json.FACTORY.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw invalid("is not a JSON object");
            }
            json.skipChildren();
            if (json.nextToken() != null) {
                throw invalid("goes on after its JSON object");
            }
        } catch (JsonProcessingException e) {
            // Jackson's own message quotes the document.
            throw invalid("is not valid JSON near line " + e.getLocation().getLineNr() + ", column "
                    + e.getLocation().getColumnNr());
        } catch (IOException e) {
            throw invalid("is not valid JSON: " + e.getMessage());
        }
    }

    private WorkerException unreadable(String what) {
        return new WorkerException(Exit.ConfigUnreadable, "the agent's document " + file + " " + what);
    }

    private WorkerException invalid(String what) {
        return new WorkerException(Exit.ConfigInvalid, "the agent's document " + file + " " + what);
    }
}
