package io.trivet.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every story must be retold word by word. After a wanted change, `-Dstories=write` writes them
/// anew; the difference is what a reviewer reads.
class StoryTest {
  private static final Path FOLDER = Path.of("src/test/resources/stories");

  @Test
  void everyStoryIsRetoldWordByWord() throws IOException {
    List<Path> stories;
    try (Stream<Path> files = Files.list(FOLDER)) {
      stories = files.filter(f -> f.toString().endsWith(".txt")).sorted().toList();
    }
    assertFalse(stories.isEmpty());
    for (Path story : stories) {
      String told = Files.readString(story);
      String retold = Story.retell(told);
      if ("write".equals(System.getProperty("stories"))) {
        Files.writeString(story, retold);
      } else {
        assertEquals(told, retold, story.toString());
      }
    }
  }
}
