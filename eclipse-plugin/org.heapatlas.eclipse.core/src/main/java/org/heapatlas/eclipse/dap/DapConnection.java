package org.heapatlas.eclipse.dap;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.Endpoint;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.eclipse.lsp4j.jsonrpc.debug.DebugLauncher;
import org.eclipse.lsp4j.jsonrpc.debug.json.DebugMessageJsonHandler;
import org.eclipse.lsp4j.jsonrpc.json.JsonRpcMethod;
import org.eclipse.lsp4j.jsonrpc.json.MessageJsonHandler;

/**
 * The conversation with one adapter. Its one thread, the reader, delivers events and completes
 * answers in the order in which they came; it ends with the stream.
 */
final class DapConnection {
  private final DapTransport transport;
  private final DapEvents events;
  private final ExecutorService reader;
  private final Launcher<IDebugProtocolServer> launcher;
  private final AtomicBoolean closed = new AtomicBoolean();

  DapConnection(String name, DapTransport transport, DapEvents events) {
    this.transport = transport;
    this.events = events;
    ThreadFactory threads = Thread.ofPlatform().daemon().name("DAP " + name + " ", 0).factory();
    this.reader = Executors.newCachedThreadPool(work -> neverWaiting(threads, work));
    this.launcher =
        new AnyRequests()
            .setLocalService(events)
            .setRemoteInterface(IDebugProtocolServer.class)
            .setInput(transport.input())
            .setOutput(transport.output())
            .setExecutorService(reader)
            .create();
  }

  /** Without this the answer to a request that the protocol does not have would be left out. */
  private static final class AnyRequests extends DebugLauncher.Builder<IDebugProtocolServer> {
    @Override
    protected MessageJsonHandler createJsonHandler() {
      return new DebugMessageJsonHandler(getSupportedMethods()) {
        @Override
        public JsonRpcMethod getJsonRpcMethod(String name) {
          JsonRpcMethod known = super.getJsonRpcMethod(name);
          return known != null
              ? known
              : JsonRpcMethod.request(name, JsonElement.class, JsonElement.class);
        }
      };
    }
  }

  /** Before this nothing comes. */
  void listen() {
    Future<Void> listening = launcher.startListening();
    reader.execute(() -> awaitEnd(listening));
    reader.shutdown();
  }

  private static Thread neverWaiting(ThreadFactory threads, Runnable work) {
    Thread thread = threads.newThread(work);
    Waiting.forbid(thread);
    return thread;
  }

  private void awaitEnd(Future<Void> listening) {
    try {
      listening.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      Dap.log("Reading from the debug adapter", e);
    }
    events.ended();
  }

  IDebugProtocolServer server() {
    return launcher.getRemoteProxy();
  }

  /** A request that the protocol does not have. */
  CompletableFuture<JsonElement> request(String command, Object arguments) {
    return ((Endpoint) server())
        .request(command, arguments)
        .thenApply(body -> body instanceof JsonElement json ? json : JsonNull.INSTANCE);
  }

  /** Ends the adapter. A second call does nothing. */
  void close() {
    if (closed.compareAndSet(false, true)) {
      try {
        transport.output().close();
      } catch (IOException e) {
        // The adapter went first.
        Dap.log("Closing the stream to the debug adapter", e);
      }
      transport.end().run();
    }
  }
}
