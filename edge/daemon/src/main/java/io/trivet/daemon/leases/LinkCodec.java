package io.trivet.daemon.leases;

import io.trivet.cluster.IpAddress;
import io.trivet.cluster.file.Route;
import io.trivet.cluster.file.Vip;
import io.trivet.cluster.lease.LeaseTiming;
import io.trivet.cluster.state.Severity;
import io.trivet.daemon.leases.Fields.Malformed;
import io.trivet.daemon.leases.Fields.Reader;
import io.trivet.daemon.leases.Fields.Writer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The messages between a daemon and the lease process of its controller as bytes: one byte of
/// version, one of kind, the fields of the record in their order ([Fields]). Nothing may follow.
/// Whatever does not fit is refused with the place and the reason.
///
/// An upgrade starts the daemon anew and leaves the lease process running where its own files did
/// not change, so a version is read by both.
public final class LinkCodec {
  /// The version that is written and the only one that is read.
  public static final int VERSION = 1;

  private static final int PLAY = 1;
  private static final int ATTEND = 2;
  private static final int ASSIGN = 3;
  private static final int SERVE = 4;
  private static final int CONFIRM = 5;
  private static final int PEER_SILENT = 65;
  private static final int PEER_HEARD = 66;
  private static final int PEER_BEGAN = 67;
  private static final int PEER_LEFT = 68;
  private static final int HOLD_CHANGED = 69;
  private static final int SAID = 70;
  private static final int VIP_CONDITION = 71;
  private static final int TAKEN = 72;

  /// The place of a severity is its byte.
  private static final List<Severity> SEVERITIES =
      List.of(Severity.INFO, Severity.WARNING, Severity.CRITICAL);

  private LinkCodec() {}

  /// What came of reading bytes.
  public sealed interface Decoded<T> {
    /// A message.
    record Understood<T>(T message) implements Decoded<T> {}

    /// Not a message of ours.
    ///
    /// @param offset index of the byte at which reading stopped
    record Refused<T>(int offset, String reason) implements Decoded<T> {}
  }

  public static byte[] encode(ToLeases message) {
    Writer out = new Writer().octet(VERSION);
    switch (message) {
      case ToLeases.Play(LeaseRole role) -> put(out.octet(PLAY), role);
      case ToLeases.Confirm(long number) -> out.octet(CONFIRM).number(number);
      case ToLeases.Attend(long run) -> out.octet(ATTEND).number(run);
      case ToLeases.Assign assign ->
          out.octet(ASSIGN)
              .list(assign.assignments(), Writer::assignment)
              .flag(assign.tellOthers());
      case ToLeases.Serve(String vip, boolean eligible) ->
          out.octet(SERVE).text(vip).flag(eligible);
    }
    return out.bytes();
  }

  public static byte[] encode(FromLeases message) {
    Writer out = new Writer().octet(VERSION);
    switch (message) {
      case FromLeases.PeerSilent(String peer) -> out.octet(PEER_SILENT).text(peer);
      case FromLeases.PeerHeard(String peer) -> out.octet(PEER_HEARD).text(peer);
      case FromLeases.PeerBegan(String peer, long run) ->
          out.octet(PEER_BEGAN).text(peer).number(run);
      case FromLeases.PeerLeft(String peer) -> out.octet(PEER_LEFT).text(peer);
      case FromLeases.HoldChanged(String vip, boolean holding, long epoch) ->
          out.octet(HOLD_CHANGED).text(vip).flag(holding).number(epoch);
      case FromLeases.VipCondition(String vip, String unfit, String stranger) ->
          out.octet(VIP_CONDITION).text(vip).text(unfit).text(stranger);
      case FromLeases.Taken(long number, String why) -> out.octet(TAKEN).number(number).text(why);
      case FromLeases.Said said ->
          out.octet(SAID)
              .text(said.id())
              .octet(SEVERITIES.indexOf(said.severity()))
              .text(said.subject())
              .text(said.text());
    }
    return out.bytes();
  }

  public static Decoded<ToLeases> toLeases(byte[] bytes) {
    return decode(bytes, LinkCodec::readToLeases);
  }

  public static Decoded<FromLeases> fromLeases(byte[] bytes) {
    return decode(bytes, LinkCodec::readFromLeases);
  }

  private interface Body<T> {
    T read(int kind, Reader in) throws Malformed;
  }

  private static <T> Decoded<T> decode(byte[] bytes, Body<T> body) {
    Reader in = new Reader(ByteBuffer.wrap(bytes));
    try {
      int version = in.octet();
      if (version != VERSION) {
        throw new Malformed("version " + version + ", only " + VERSION + " is understood");
      }
      T message = body.read(in.octet(), in);
      in.end();
      return new Decoded.Understood<>(message);
    } catch (Malformed | IllegalArgumentException e) {
      return new Decoded.Refused<>(in.position(), String.valueOf(e.getMessage()));
    }
  }

  private static ToLeases readToLeases(int kind, Reader in) throws Malformed {
    return switch (kind) {
      case PLAY -> new ToLeases.Play(role(in));
      case CONFIRM -> new ToLeases.Confirm(in.number());
      case ATTEND -> new ToLeases.Attend(in.number());
      case ASSIGN -> new ToLeases.Assign(in.list(Reader::assignment), in.flag());
      case SERVE -> new ToLeases.Serve(in.text(), in.flag());
      default -> throw new Malformed("kind " + kind + " is unknown");
    };
  }

  private static FromLeases readFromLeases(int kind, Reader in) throws Malformed {
    return switch (kind) {
      case PEER_SILENT -> new FromLeases.PeerSilent(in.text());
      case PEER_HEARD -> new FromLeases.PeerHeard(in.text());
      case PEER_BEGAN -> new FromLeases.PeerBegan(in.text(), in.number());
      case PEER_LEFT -> new FromLeases.PeerLeft(in.text());
      case HOLD_CHANGED -> new FromLeases.HoldChanged(in.text(), in.flag(), in.number());
      case VIP_CONDITION -> new FromLeases.VipCondition(in.text(), in.text(), in.text());
      case TAKEN -> new FromLeases.Taken(in.number(), in.text());
      case SAID -> new FromLeases.Said(in.text(), severity(in), in.text(), in.text());
      default -> throw new Malformed("kind " + kind + " is unknown");
    };
  }

  private static Severity severity(Reader in) throws Malformed {
    int place = in.octet();
    if (place >= SEVERITIES.size()) {
      throw new Malformed("severity " + place + " is unknown");
    }
    return SEVERITIES.get(place);
  }

  private record Member(String name, IpAddress address) {}

  private static void put(Writer out, LeaseRole role) {
    List<Member> members =
        role.members().entrySet().stream().map(e -> new Member(e.getKey(), e.getValue())).toList();
    out.text(role.self())
        .list(members, (o, member) -> o.text(member.name()).text(member.address().toString()))
        .number(role.timing().leaseNanos())
        .number(role.timing().renewNanos())
        .number(role.timing().marginNanos())
        .list(role.vips(), LinkCodec::put);
  }

  private static LeaseRole role(Reader in) throws Malformed {
    String self = in.text();
    Map<String, IpAddress> members = new TreeMap<>();
    for (Member member : in.list(i -> new Member(i.text(), i.address()))) {
      members.put(member.name(), member.address());
    }
    LeaseTiming timing = new LeaseTiming(in.number(), in.number(), in.number());
    return new LeaseRole(self, new TreeMap<>(members), timing, in.list(LinkCodec::vip));
  }

  private static void put(Writer out, Vip vip) {
    out.text(vip.name())
        .list(vip.addresses(), (o, address) -> o.text(address.toString()))
        .text(vip.interfaceName())
        .optionalText(vip.namespace())
        .list(vip.routes(), (o, r) -> o.text(r.to().toString()).text(r.via().toString()));
  }

  private static Vip vip(Reader in) throws Malformed {
    return new Vip(
        in.text(),
        in.list(Reader::prefix),
        in.text(),
        in.optionalText(),
        in.list(i -> new Route(i.prefix(), i.address())));
  }
}
