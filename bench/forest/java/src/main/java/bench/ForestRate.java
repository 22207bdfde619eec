package bench;

import com.amazon.randomcutforest.RandomCutForest;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Scores and updates a stream with the AWS library on one thread and prints the processor time it took.
 *
 * Arguments: file of little-endian doubles, dimensions, trees, samples, timeDecay, rows to warm up on, rows to measure.
 * Output: one line, "nanoseconds mean-score".
 */
public final class ForestRate {
    public static void main(String[] arguments) throws IOException {
        DoubleBuffer stream = ByteBuffer.wrap(Files.readAllBytes(Path.of(arguments[0])))
                .order(ByteOrder.LITTLE_ENDIAN).asDoubleBuffer();
        int dimensions = Integer.parseInt(arguments[1]);
        int warmUp = Integer.parseInt(arguments[5]);
        int rows = Integer.parseInt(arguments[6]);
        RandomCutForest forest = RandomCutForest.builder()
                .dimensions(dimensions)
                .numberOfTrees(Integer.parseInt(arguments[2]))
                .sampleSize(Integer.parseInt(arguments[3]))
                .timeDecay(1 / Double.parseDouble(arguments[4]))
                .parallelExecutionEnabled(false)
                .randomSeed(1)
                .build();
        run(forest, stream, dimensions, warmUp);
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        double sum = run(forest, stream, dimensions, rows);
        System.out.println((threads.getCurrentThreadCpuTime() - start) + " " + sum / rows);
    }

    private static double run(RandomCutForest forest, DoubleBuffer stream, int dimensions, int rows) {
        double[] point = new double[dimensions];
        double sum = 0;
        for (int row = 0; row < rows; row++) {
            stream.get(point);
            sum += forest.getAnomalyScore(point);
            forest.update(point);
        }
        return sum;
    }

    private ForestRate() {
    }
}
