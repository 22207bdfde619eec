import com.amazon.randomcutforest.RandomCutForest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Scores each row of a stream with the AWS library before it learns it, and prints one score per line.
 *
 * Arguments: file of little-endian doubles, dimensions, trees, samples, timeDecay, seed.
 */
public final class ForestScores {
    public static void main(String[] arguments) throws IOException {
        DoubleBuffer stream = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0])))
                .order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
        int dimensions = Integer.parseInt(arguments[1]);
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(dimensions)
                .numberOfTrees(Integer.parseInt(arguments[2]))
                .sampleSize(Integer.parseInt(arguments[3]))
                .timeDecay(1 / Double.parseDouble(arguments[4]))
                .parallelExecutionEnabled(false)
                .randomSeed(Long.parseLong(arguments[5]))
                .build();
        double[] point = new double[dimensions];
        PrintStream out = new PrintStream(System.out, false);
        while (stream.remaining() >= dimensions) {
            stream.get(point);
            out.println(forest.getAnomalyScore(point));
            forest.update(point);
        }
        out.flush();
    }
}
