package org.heapatlas.dap;

import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.lsp4j.jsonrpc.JsonRpcException;
import org.eclipse.lsp4j.jsonrpc.MessageIssueException;
import org.eclipse.lsp4j.jsonrpc.debug.DebugRemoteEndpoint;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.debug.messages.DebugRequestMessage;
import org.eclipse.lsp4j.jsonrpc.json.StreamMessageConsumer;
import org.eclipse.lsp4j.jsonrpc.messages.IdentifiableMessage;
import org.eclipse.lsp4j.jsonrpc.messages.Message;
import org.eclipse.lsp4j.jsonrpc.messages.RequestMessage;
import org.heapatlas.session.Nodes;
import org.heapatlas.view.ChannelHost;

/**
 * One client, from its first byte to its last. Main entry: run, called on the thread that it then
 * reads on until the client disconnects, ends the stream, or sends what is no message. Whatever
 * happens, what the session started is ended and what it attached to is left as it was.
 */
public final class DapConnection {
  private static final System.Logger LOG = System.getLogger("org.heapatlas.dap");
  private static final String NOBODY = "0";
  // Held, for the logging system keeps only weak references. It tells of every message to a client
  // that is gone with a
  // stack trace; we say what matters ourselves.
  private static final Logger LSP4J = Logger.getLogger("org.eclipse.lsp4j.jsonrpc.RemoteEndpoint");

  private final MessageReader reader;
  private final StreamMessageConsumer out;
  private final DebugMessageJsonHandler json;
  private final Peer remote;
  private final DapSession session;
  private final Dispatcher dispatcher;

  public DapConnection(
      InputStream in, OutputStream out, Nodes nodes, Supplier<ChannelHost> channels) {
    this.reader = new MessageReader(in);
    this.json = new DebugMessageJsonHandler(Requests.methods());
    this.out = new StreamMessageConsumer(out, json);
    this.dispatcher = new Dispatcher();
    this.remote = new Peer(this.out, dispatcher);
    this.json.setMethodProvider(remote);
    this.remote.setJsonHandler(json);
    this.session = new DapSession(new Client(remote), nodes, channels, dispatcher.work());
    this.dispatcher.serve(session);
  }

  public void run() {
    LSP4J.setLevel(Level.OFF);
    try {
      while (!session.finished() && step()) {
        session.afterAnswer();
      }
    } catch (MessageReader.Foreign foreign) {
      refuse(NOBODY, "", foreign.getMessage() + "; the connection is closed");
    } catch (IOException | JsonRpcException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client is gone", e);
    } finally {
      session.close();
    }
  }

  /** Reads and handles one message; answers whether there may be more. */
  private boolean step() throws IOException {
    try {
      String body = reader.next();
      if (body == null) {
        return false;
      }
      receive(body);
    } catch (MessageReader.Foreign foreign) {
      throw foreign;
    } catch (MessageReader.Malformed malformed) {
      refuse(NOBODY, "", malformed.getMessage());
    }
    return true;
  }

  private void receive(String body) {
    Message message;
    try {
      message = json.parseMessage(body);
    } catch (MessageIssueException e) {
      if (isJson(body)) {
        refuse(e.getRpcMessage());
      } else {
        refuseAsNoJson();
      }
      return;
    } catch (RuntimeException e) { // the parser has no list of what it throws
      LOG.log(System.Logger.Level.DEBUG, "a message is not JSON", e);
      if (isJson(body)) {
        refuse(NOBODY, "", "the message is no request of this protocol");
      } else {
        refuseAsNoJson();
      }
      return;
    }
    if (message == null) {
      refuse(NOBODY, "", "the message is empty");
      return;
    }
    dispatcher.receiving(message);
    remote.consume(message);
    dispatcher.received();
  }

  private void refuseAsNoJson() {
    reader.mistrust();
    refuse(NOBODY, "", "the message is not JSON, or its Content-Length is wrong");
  }

  private static boolean isJson(String body) {
    JsonReader strict = new JsonReader(new StringReader(body));
    strict.setStrictness(Strictness.STRICT);
    try {
      return JsonParser.parseReader(strict) != null && strict.peek() == JsonToken.END_DOCUMENT;
    } catch (JsonParseException | IOException e) {
      return false;
    }
  }

  /** The message is JSON, but its arguments are of other types than the request's. */
  private void refuse(Message message) {
    String command = message instanceof RequestMessage request ? request.getMethod() : "";
    String id =
        message instanceof IdentifiableMessage known && known.getId() != null
            ? known.getId()
            : NOBODY;
    refuse(id, command, "the arguments of '%s' are not those of this request".formatted(command));
  }

  private void refuse(String id, String command, String sentence) {
    DebugRequestMessage request = new DebugRequestMessage();
    request.setId(id);
    request.setMethod(command);
    try {
      out.consume(remote.refusal(request, sentence));
    } catch (JsonRpcException e) {
      LOG.log(System.Logger.Level.DEBUG, "the client is gone", e);
    }
  }

  /**
   * LSP4J's endpoint, which numbers the messages; it can also refuse what never became a request.
   */
  private static final class Peer extends DebugRemoteEndpoint {
    Peer(StreamMessageConsumer out, Dispatcher dispatcher) {
      super(out, dispatcher, Errors::response);
    }

    Message refusal(DebugRequestMessage request, String sentence) {
      return createErrorResponseMessage(request, Errors.of(sentence));
    }
  }
}
