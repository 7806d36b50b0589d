package io.trivet.lab;

import io.trivet.lab.deploy.Certificates;
import io.trivet.lab.deploy.Deployer;
import io.trivet.lab.deploy.Keystone;
import io.trivet.lab.deploy.NodeFiles;
import io.trivet.lab.deploy.Secrets;
import io.trivet.lab.drill.Drill;
import io.trivet.lab.drill.Faults;
import io.trivet.lab.host.Command;
import io.trivet.lab.host.Console;
import io.trivet.lab.host.ControlGroups;
import io.trivet.lab.host.HostCheck;
import io.trivet.lab.host.LabException;
import io.trivet.lab.host.LabHome;
import io.trivet.lab.host.ProcessRef;
import io.trivet.lab.image.ImageBuilder;
import io.trivet.lab.image.ImageRecipe;
import io.trivet.lab.node.Node;
import io.trivet.lab.node.Nodes;
import io.trivet.lab.node.Switch;
import io.trivet.lab.node.Trivet;
import io.trivet.lab.observe.Observer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// One lab: its parts, and the way up and down.
public final class Lab {
  /// The timing of the lab's cluster file.
  static final String TIMING = "fast";

  private static final long FORMING_SECONDS = 240;
  private static final long HEALTH_SECONDS = 180;

  private final LabHome home;
  private final Console console;
  private final Switch network;
  private final Optional<ControlGroups> groups;
  private final Secrets secrets;

  public Lab(LabHome home, Console console) {
    this.home = home;
    this.console = console;
    this.network = new Switch(home);
    this.groups = ControlGroups.detect(home.controlGroup());
    this.secrets = new Secrets(home);
  }

  public LabHome home() {
    return home;
  }

  public Switch network() {
    return network;
  }

  /// The nodes as machines.
  ///
  /// @throws LabException when this machine cannot have any
  public Nodes nodes() throws LabException {
    ControlGroups usable =
        groups.orElseThrow(() -> new LabException("this machine has no usable control groups"));
    return new Nodes(home, usable, network);
  }

  public Trivet trivet() throws LabException {
    return new Trivet(nodes());
  }

  public Keystone keystone() throws LabException {
    return new Keystone(nodes(), secrets);
  }

  /// Faults of this lab.
  public Faults faults() throws LabException {
    return new Faults(nodes(), network, trivet(), this::boot);
  }

  /// Drills in this lab.
  ///
  /// @param progress where each run is told
  public Drill drill(Console progress) throws LabException {
    return new Drill(trivet(), faults(), () -> observer(Observer.TOKEN_NANOS), progress);
  }

  /// Begins to watch the VIP from outside.
  ///
  /// @param tokenNanos how often a token is asked for
  public Observer observer(long tokenNanos) throws LabException {
    ProcessRef client =
        nodes()
            .leader(Node.CLIENT)
            .orElseThrow(() -> new LabException("the lab is not up: './trivet lab up' makes it"));
    return Observer.start(
        home.switchNamespace(), client.pid(), keystone().tokenRequest(), tokenNanos);
  }

  /// What this machine lacks for a lab; empty when it lacks nothing.
  public List<String> missing() throws LabException {
    return new HostCheck(home, ImageBuilder.built(home, ImageRecipe.standard())).missing();
  }

  /// Makes or completes the lab: image, switch, nodes; with a package also Trivet and Keystone.
  ///
  /// @param debianPackage Trivet's package; empty boots the nodes with nothing on them
  public void up(Optional<Path> debianPackage) throws LabException {
    new HostCheck(home, ImageBuilder.built(home, ImageRecipe.standard())).require();
    home.create();
    try (RandomAccessFile file = new RandomAccessFile(home.root().resolve("lock").toFile(), "rw");
        FileLock lock = file.getChannel().tryLock()) {
      if (lock == null) {
        throw new LabException(
            "another 'trivet lab' works on the lab in " + home.root() + ": let it end first");
      }
      bootAll();
      if (debianPackage.isPresent()) {
        deploy(debianPackage.get());
      }
    } catch (IOException e) {
      throw new LabException("cannot lock the lab in " + home.root() + ": " + e.getMessage(), e);
    }
  }

  /// Applies the cluster file with a timing, and waits until the cluster is healthy.
  public void timing(String profile) throws LabException {
    Node first = Node.CONTROLLERS.getFirst();
    String file = "/root/cluster.yaml";
    new NodeFiles(nodes().files(first))
        .file(file, NodeFiles.clusterFile(profile), "root:root", "rw-r--r--");
    trivet()
        .command(first, List.of("cluster", "apply", "--yes", file))
        .timeoutSeconds(HEALTH_SECONDS)
        .check();
    trivet().awaitHealthy(HEALTH_SECONDS);
  }

  /// Switches every node on that has no power, and takes back every fault.
  public void bootAll() throws LabException {
    Nodes nodes = nodes();
    Path image = new ImageBuilder(home, console).build(ImageRecipe.standard());
    console.step("switch", network::create);
    List<Node> off = Node.ALL.stream().filter(node -> !nodes.running(node)).toList();
    if (!off.isEmpty()) {
      String names = String.join(", ", off.stream().map(Node::name).toList());
      console.step("boot " + names, () -> inParallel(off, node -> nodes.boot(node, image)));
    }
    for (Node node : Node.ALL) {
      nodes.freeze(node, false);
      network.repair(node);
    }
  }

  /// Switches on one node that has no power.
  public void boot(Node node) throws LabException {
    nodes().boot(node, ImageBuilder.folder(home, ImageRecipe.standard()));
  }

  /// Switches on several nodes at the same time.
  public void boot(List<Node> which) throws LabException {
    inParallel(which, this::boot);
  }

  /// Ends everything that runs. The disks of the nodes go too: the next lab begins anew.
  ///
  /// @param purge removes the image and the folder as well
  public void down(boolean purge) throws LabException {
    if (!HostCheck.isRoot()) {
      throw new LabException("'lab down' wants root, as 'lab up' did");
    }
    if (groups.isPresent()) {
      Nodes nodes = nodes();
      inParallel(Node.ALL, nodes::off);
      groups.get().removeAll();
    }
    network.remove();
    List<String> folders = new ArrayList<>();
    if (purge) {
      folders.add(home.root().toString());
    } else {
      for (String name : new String[] {"nodes", "secrets", "run", "lock"}) {
        folders.add(home.root().resolve(name).toString());
      }
      folders.add(home.images().resolve(".building").toString());
    }
    List<String> remove = new ArrayList<>(List.of("rm", "-rf", "--one-file-system", "--"));
    remove.addAll(folders);
    new Command(remove).timeoutSeconds(300).check();
  }

  private void deploy(Path debianPackage) throws LabException {
    if (!Files.isRegularFile(debianPackage)) {
      throw new LabException("there is no package " + debianPackage + ": build it first");
    }
    Nodes nodes = nodes();
    Keystone keystone = keystone();
    Certificates certificates = new Certificates(secrets);
    Deployer deployer = new Deployer(nodes, secrets, certificates);
    console.step(
        "cluster file, certificates and secrets onto the controllers",
        () -> {
          certificates.create();
          for (Node node : Node.CONTROLLERS) {
            deployer.configure(node);
          }
          deployer.configureClient();
        });
    console.step(
        "install " + debianPackage.getFileName(),
        () -> inParallel(Node.CONTROLLERS, node -> deployer.install(node, debianPackage)));
    if (keystone.issuesTokens()) {
      console.step("the client gets tokens", () -> {});
    } else {
      Node first = Node.CONTROLLERS.getFirst();
      console.step(
          "Trivet forms the cluster and starts the database",
          () -> {
            keystone.createDatabase(first, FORMING_SECONDS);
            keystone.awaitMembers(FORMING_SECONDS);
          });
      console.step(
          "Keystone's tables and first user, through the VIP",
          () -> keystone.bootstrap(first, FORMING_SECONDS));
      console.step("first token for the client", () -> keystone.awaitToken(FORMING_SECONDS));
    }
    console.step("the cluster is healthy", () -> trivet().awaitHealthy(HEALTH_SECONDS));
  }

  /// Something that is done to a node.
  @FunctionalInterface
  private interface Work {
    void on(Node node) throws LabException;
  }

  private static void inParallel(List<Node> which, Work work) throws LabException {
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> running = new ArrayList<>();
      for (Node node : which) {
        Callable<Boolean> task =
            () -> {
              work.on(node);
              return true;
            };
        running.add(each.submit(task));
      }
      for (Future<Boolean> future : running) {
        future.get();
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LabException cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }
}
