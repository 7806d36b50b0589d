package io.trivet.lab.image;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How far an installation is, from the lines that apt and dpkg write: every package is unpacked
/// once and set up once; apt says beforehand how many there will be, in two goes.
public final class BuildProgress {
  /// Packages of the standard recipe, until apt has said it: the figure only shapes the bar.
  private static final int EXPECTED_PACKAGES = 440;

  private static final Pattern ANNOUNCED = Pattern.compile("(\\d+) newly installed");

  private int announcements;
  private int announced;
  private int done;
  private String what = "fetching package lists";

  /// Takes one line of output.
  public void line(String line) {
    Matcher matcher = ANNOUNCED.matcher(line);
    if (matcher.find()) {
      announced += Integer.parseInt(matcher.group(1));
      announcements++;
      what = "downloading";
    } else if (line.startsWith("Unpacking ") || line.startsWith("Setting up ")) {
      done++;
      String[] words = line.split(" ");
      what = line.startsWith("U") ? "unpacking " + words[1] : "setting up " + words[2];
    }
  }

  /// From 0 to 99; 100 is for whoever knows that all is done.
  public int percent() {
    int packages = announcements < 2 ? Math.max(announced, EXPECTED_PACKAGES) : announced;
    return Math.min(99, done * 100 / (2 * packages));
  }

  /// What is going on, in a few words.
  public String what() {
    return what;
  }
}
