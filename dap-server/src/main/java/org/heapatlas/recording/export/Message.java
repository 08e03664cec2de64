package org.heapatlas.recording.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A protocol buffer that is written field by field, for the few messages of foreign formats. */
final class Message {
  /** Writes of a field when a sink is there; memory does not fail. */
  private interface Write {
    void to(CodedOutputStream out) throws IOException;
  }

  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  Message integer(int field, long value) {
    return value == 0 ? this : put(to -> to.writeInt64(field, value));
  }

  Message text(int field, String value) {
    return put(to -> to.writeString(field, value));
  }

  Message message(int field, Message value) {
    ByteString content = value.bytes();
    return put(to -> to.writeBytes(field, content));
  }

  Message packed(int field, List<Long> values) {
    Message content = new Message();
    values.forEach(value -> content.put(to -> to.writeInt64NoTag(value)));
    return message(field, content);
  }

  private Message put(Write write) {
    try {
      write.to(out);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ByteString bytes() {
    put(CodedOutputStream::flush);
    return bytes.toByteString();
  }
}
