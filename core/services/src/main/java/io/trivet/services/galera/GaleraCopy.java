package io.trivet.services.galera;

import io.trivet.services.agent.AgentEffect;
import io.trivet.services.agent.AgentEvent;
import io.trivet.services.agent.OnDisk;
import io.trivet.services.galera.GaleraPosition.Kind;
import io.trivet.services.galera.GaleraProbe.StateFile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far the copy on disk is while the server does not run, and how that is found out. Immutable.
///
/// | `grastate.dat` | data files | it had data before | the position is |
/// |---|---|---|---|
/// | whole, in a history, stopped in order | there | | known |
/// | whole, in a history, not stopped in order | there | | asked of `--wsrep-recover` |
/// | damaged | there | | asked of `--wsrep-recover`; known then, but the file has to be written anew |
/// | whole, in a history | none | | unreadable |
/// | whole, in no history: Galera marks a copy so that is not complete | | | incomplete |
/// | none | there | | asked of `--wsrep-recover`; without a position: none if it never had data, else unreadable |
/// | none | none | no | unreadable: not even the database of a fresh installation is there |
/// | none | none | yes | unreadable: a disk is missing |
/// | cannot be read, or no answer in [#LOOK_NANOS] | cannot be listed | | unreadable |
///
/// What is unreadable, or none, is looked at again: an operator mounts a disk while the cluster
/// waits. Before a start everything is looked at once more ([#look]); what the leader decided on
/// may have changed since it was reported.
///
/// @param stage what it is at
/// @param sinceNanos since when
/// @param askedNanos when `--wsrep-recover` was run last
/// @param file answer of the look that is under way, null while there is none
/// @param folder likewise
/// @param seen the last look that was answered, or null
/// @param position what follows from it
record GaleraCopy(
    Stage stage,
    long sinceNanos,
    long askedNanos,
    @Nullable OnDisk<String> file,
    @Nullable OnDisk<List<String>> folder,
    @Nullable Look seen,
    GaleraPosition position) {
  static final String FILE = "state";
  static final String FOLDER = "data";
  static final String RECOVER = "recover";

  /// After this long without an answer of the disk nobody can tell what is on it.
  static final long LOOK_NANOS = 20 * GaleraAgent.SECOND;

  /// How often a copy that cannot be read, or is not there, is looked at again.
  static final long AGAIN_NANOS = 10 * GaleraAgent.SECOND;

  /// How often `--wsrep-recover` is run again at most; it costs half a second of a processor.
  static final long RECOVER_AGAIN_NANOS = 60 * GaleraAgent.SECOND;

  /// MariaDB's system tablespace and its system tables. Even a fresh installation has both;
  /// `--wsrep-recover` in an empty folder makes the first, and tells no position without an error.
  private static final List<String> TABLES = List.of("ibdata1", "mysql");

  /// True if the look before a start has ended, and found something else than what was reported.
  boolean notAsReported(Stage before) {
    return before == Stage.VERIFYING && stage != Stage.VERIFYING && stage != Stage.VERIFIED;
  }

  /// What is being done.
  enum Stage {
    /// Nothing: the server runs, or nobody looked yet.
    UNREAD,
    /// The files are being looked at.
    LOOKING,
    /// `--wsrep-recover` runs.
    RECOVERING,
    /// The position stands.
    READ,
    /// The files are being looked at again; the position stands meanwhile.
    AGAIN,
    /// The files are being looked at before a start.
    VERIFYING,
    /// They are as they were when the position was reported.
    VERIFIED
  }

  /// What was found at one look.
  record Look(OnDisk<String> file, OnDisk<List<String>> folder) {
    /// True if there are data files.
    boolean tables() {
      List<String> names = folder.contentOrNull();
      return names != null && names.containsAll(TABLES);
    }

    /// Other files than these two come and go.
    boolean sameAs(@Nullable Look other) {
      return other != null && file.equals(other.file) && tables() == other.tables();
    }
  }

  static final GaleraCopy UNREAD =
      new GaleraCopy(Stage.UNREAD, 0, 0, null, null, null, GaleraPosition.UNKNOWN);

  /// True if a start need not wait for an answer.
  boolean still() {
    return stage == Stage.READ || stage == Stage.VERIFIED;
  }

  /// The state file's text if it is whole, else null.
  @Nullable String wholeFile() {
    String text = seen == null ? null : seen.file.contentOrNull();
    return text != null && GaleraProbe.stateFile(text) != null ? text : null;
  }

  /// When it wants to be stepped.
  long dueAtNanos() {
    boolean settled = position.isKnown() || position.kind() == Kind.INCOMPLETE;
    return switch (stage) {
      case UNREAD, RECOVERING, VERIFIED -> Long.MAX_VALUE;
      case LOOKING, AGAIN, VERIFYING -> sinceNanos + LOOK_NANOS;
      case READ -> settled ? Long.MAX_VALUE : sinceNanos + AGAIN_NANOS;
    };
  }

  /// Looks at the files, for the first time or before a start.
  GaleraCopy look(Stage why, long now, List<AgentEffect> effects) {
    effects.add(new AgentEffect.ReadFile(FILE, GaleraConfig.STATE_FILE));
    effects.add(new AgentEffect.ListFolder(FOLDER, GaleraConfig.DATA));
    return new GaleraCopy(why, now, askedNanos, null, null, seen, position);
  }

  /// What was verified for one order is not for the next.
  GaleraCopy unverified(long now) {
    return stage == Stage.VERIFIED ? read(now, seen, position) : this;
  }

  /// Lets time pass.
  GaleraCopy tick(long now, List<AgentEffect> effects) {
    if (dueAtNanos() > now) {
      return this;
    }
    if (stage == Stage.READ) {
      return look(Stage.AGAIN, now, effects);
    }
    String why = "the disk under " + GaleraConfig.DATA + " does not answer";
    return read(now, null, GaleraPosition.unreadable(why));
  }

  /// @param hadData true if the cluster remembers that this member had a copy
  GaleraCopy fileRead(OnDisk<String> found, boolean hadData, long now, List<AgentEffect> effects) {
    return with(found, folder).looked(hadData, now, effects);
  }

  /// @param hadData true if the cluster remembers that this member had a copy
  GaleraCopy folderListed(
      OnDisk<List<String>> found, boolean hadData, long now, List<AgentEffect> effects) {
    return with(file, found).looked(hadData, now, effects);
  }

  private GaleraCopy with(@Nullable OnDisk<String> one, @Nullable OnDisk<List<String>> other) {
    return new GaleraCopy(stage, sinceNanos, askedNanos, one, other, seen, position);
  }

  private GaleraCopy read(long now, @Nullable Look look, GaleraPosition is) {
    return new GaleraCopy(Stage.READ, now, askedNanos, null, null, look, is);
  }

  private GaleraCopy looked(boolean hadData, long now, List<AgentEffect> effects) {
    if (file == null || folder == null) {
      return this;
    }
    Look look = new Look(file, folder);
    boolean same = look.sameAs(seen);
    return switch (stage) {
      case UNREAD, RECOVERING, READ, VERIFIED -> this;
      case LOOKING -> follow(look, hadData, now, effects);
      case VERIFYING ->
          same
              ? new GaleraCopy(Stage.VERIFIED, now, askedNanos, null, null, look, position)
              : follow(look, hadData, now, effects);
      case AGAIN -> {
        boolean recent = now - askedNanos < RECOVER_AGAIN_NANOS;
        boolean vanished = position.kind() == Kind.NONE && hadData;
        yield same && recent && !vanished
            ? read(now, look, position)
            : follow(look, hadData, now, effects);
      }
    };
  }

  /// What follows from a look.
  private GaleraCopy follow(Look look, boolean hadData, long now, List<AgentEffect> effects) {
    String unreadable = unreadable(look);
    if (unreadable != null) {
      return read(now, look, GaleraPosition.unreadable(unreadable));
    }
    String text = look.file.contentOrNull();
    StateFile saved = text == null ? null : GaleraProbe.stateFile(text);
    if (saved != null && saved.uuid().isEmpty()) {
      return read(now, look, GaleraPosition.INCOMPLETE);
    }
    if (!look.tables()) {
      String files = "there are no data files in " + GaleraConfig.DATA;
      String why =
          text != null
              ? files + ", though there is a grastate.dat"
              : hadData
                  ? files + ", where it had its copy; is a disk not mounted?"
                  : files + ", not even those of a fresh installation; is a disk not mounted?";
      return read(now, look, GaleraPosition.unreadable(why));
    }
    if (saved != null && saved.seqno() >= 0) {
      return read(now, look, GaleraPosition.known(saved.uuid(), saved.seqno(), saved.safe()));
    }
    effects.add(
        new AgentEffect.Run(
            RECOVER,
            List.of("/usr/sbin/mariadbd", "--user=mysql", "--wsrep-recover", "--disable-log-error"),
            GaleraAgent.RECOVER_NANOS));
    GaleraPosition meanwhile = look.sameAs(seen) ? position : GaleraPosition.UNKNOWN;
    return new GaleraCopy(Stage.RECOVERING, now, now, null, null, look, meanwhile);
  }

  private static @Nullable String unreadable(Look look) {
    if (look.file instanceof OnDisk.Unreadable<String> u) {
      return u.why();
    }
    return look.folder instanceof OnDisk.Unreadable<List<String>> u ? u.why() : null;
  }

  /// `--wsrep-recover` has ended.
  ///
  /// @param hadData true if the cluster remembers that this member had a copy
  GaleraCopy recovered(AgentEvent.ToolDone done, boolean hadData, long now) {
    Look look = seen;
    if (stage != Stage.RECOVERING || look == null) {
      return this;
    }
    String text = look.file.contentOrNull();
    StateFile saved = text == null ? null : GaleraProbe.stateFile(text);
    GaleraPosition told = GaleraProbe.recovered(done.stderr());
    return read(now, look, told(done, told, text, saved, hadData));
  }

  private static GaleraPosition told(
      AgentEvent.ToolDone done,
      GaleraPosition told,
      @Nullable String text,
      @Nullable StateFile saved,
      boolean hadData) {
    String tool = "mariadbd --wsrep-recover";
    if (done.exitCode() != 0 || told.kind() == Kind.UNKNOWN) {
      String end = done.exitCode() < 0 ? "did not end in time" : "ended with " + done.exitCode();
      return GaleraPosition.unreadable(tool + " tells no position and " + end);
    }
    if (told.isKnown() && saved == null) {
      return GaleraPosition.withoutFile(told.uuid(), told.seqno());
    }
    if (told.isKnown() && saved != null && saved.uuid().equals(told.uuid())) {
      return GaleraPosition.known(told.uuid(), told.seqno(), saved.safe());
    }
    if (saved != null) {
      return GaleraPosition.unreadable(
          "grastate.dat names another history than the data (" + tool + ")");
    }
    if (text != null) {
      return GaleraPosition.unreadable("grastate.dat is damaged, and the data has no position");
    }
    return hadData
        ? GaleraPosition.unreadable(
            GaleraConfig.DATA
                + " is that of a fresh installation, where it had its copy; is a disk not mounted?")
        : GaleraPosition.NONE;
  }
}
