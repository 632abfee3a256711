using FsCheck.Xunit;
using MMDetSharp.Core.Structures;
using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Tests.Engine.Evaluation;

public class ProposalRecallTests
{
    [Fact]
    public void Evaluate_TwoObjectsOneProposalEach_GivesHandComputedNumbers()
    {
        // A is covered exactly by the worse proposal, B by IoU 80 / 120 = 0.667 by the better one.
        float[] objects = [0, 0, 10, 10, 50, 50, 60, 60];
        var proposals = new ImageDetections([0, 0, 10, 10, 52, 50, 62, 60], [0.1f, 0.9f], [0, 0]);

        var recall = ProposalRecall.Evaluate([objects], [proposals], [1, 2], [0.5, 0.7]);

        Assert.Equal(new[,] { { 0.5, 0.0 }, { 1.0, 0.5 } }, recall);
    }

    [Fact]
    public void Evaluate_OneProposalForTwoObjects_CoversOne()
    {
        float[] objects = [0, 0, 10, 10, 0, 0, 10, 10];

        var recall = ProposalRecall.Evaluate(
            [objects, []], [new ImageDetections([0, 0, 10, 10], [1], [0]), ImageDetections.None], [100], [0.5]);

        Assert.Equal(0.5, recall[0, 0]);
    }

    [Property(MaxTest = 100)]
    public void Evaluate_RandomBoxes_EqualsTwin(int seed)
    {
        var random = new Random(seed);
        var objects = Boxes(random, random.Next(0, 8));
        var boxes = Boxes(random, random.Next(0, 12));
        var scores = Enumerable.Range(0, boxes.Length / 4).Select(_ => random.Next(5) / 4f).ToArray();
        double[] thresholds = [0.1, 0.5, 1];

        var recall = ProposalRecall.Evaluate(
            [objects], [new ImageDetections(boxes, scores, new long[scores.Length])], [2, 5], thresholds);

        for (var n = 0; n < 2; n++)
        {
            var paired = Pair(objects, boxes, scores, n == 0 ? 2 : 5);
            for (var t = 0; t < thresholds.Length; t++)
            {
                Assert.Equal(paired.Count(overlap => overlap >= thresholds[t]) / (objects.Length / 4.0), recall[n, t]);
            }
        }
    }

    /// <summary>
    /// As it is told: look for the largest overlap of all that is left, take both out, again and again.
    /// </summary>
    private static List<float> Pair(float[] objects, float[] boxes, float[] scores, int number)
    {
        var order = Enumerable.Range(0, scores.Length)
            .Reverse().OrderByDescending(d => scores[d]).Take(number).ToList();
        var left = Enumerable.Range(0, objects.Length / 4).ToList();
        var paired = new List<float>();
        while (left.Count > 0 && order.Count > 0)
        {
            var best = left
                .SelectMany(g => order, (g, d) => (
                    Object: g,
                    Proposal: d,
                    Overlap: BoxOverlap.IoU(objects.AsSpan(g * 4, 4), boxes.AsSpan(d * 4, 4))))
                .Aggregate((a, b) => b.Overlap > a.Overlap ? b : a);
            paired.Add(best.Overlap);
            left.Remove(best.Object);
            order.Remove(best.Proposal);
        }

        return paired;
    }

    private static float[] Boxes(Random random, int count) =>
    [
        .. Enumerable.Range(0, count).SelectMany(_ =>
        {
            var (x, y) = (random.Next(5) * 2, random.Next(5) * 2);
            return (float[])[x, y, x + random.Next(1, 5), y + random.Next(1, 5)];
        }),
    ];
}
