package org.apache.ratis.util;

import io.trivet.consensus.KeptFile;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;

/// Takes the place of Ratis' class of this name, which is looked for behind it on the class path
/// (docs/decisions/0020): there, a write that failed was renamed over the good file all the same
/// when the stream was closed, so that a full disk left an empty vote; and the rename itself was
/// never forced to disk, so that a loss of power could take a promised vote back.
///
/// Here, nothing is written before [#close], and then all of it or nothing, by [KeptFile]. Meant
/// for what Ratis writes with it: term and vote, the configuration, checksums of snapshots; and the
/// snapshots of Trivet, which are in memory as a whole anyway.
public final class AtomicFileOutputStream extends FilterOutputStream {
  public static final String TMP_EXTENSION = KeptFile.DRAFT;

  private final ByteArrayOutputStream content;
  private final File file;
  private final AtomicBoolean closed = new AtomicBoolean();

  public AtomicFileOutputStream(File file) throws IOException {
    this(new ByteArrayOutputStream(), file);
  }

  private AtomicFileOutputStream(ByteArrayOutputStream content, File file) {
    super(content);
    this.content = content;
    this.file = file.getAbsoluteFile();
  }

  /// The file beside it that Ratis removes when it finds one at a start.
  public static File getTemporaryFile(File file) {
    return new File(file.getParentFile(), file.getName() + TMP_EXTENSION);
  }

  /// True: proof that this class is the one in use, for whoever opens a log.
  public static boolean keepsWhatWasPromised() {
    return true;
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    content.write(bytes, from, length);
  }

  public boolean isClosed() {
    return closed.get();
  }

  /// Replaces the file, or throws and leaves it as it was.
  @Override
  public void close() throws IOException {
    if (closed.compareAndSet(false, true)) {
      KeptFile.replace(file.toPath(), content.toByteArray());
    }
  }

  /// Forgets what was written; the file stays as it was.
  public void abort() {
    closed.set(true);
  }
}
