using FsCheck.Xunit;
using MMDetSharp.Models.PostProcessing;

namespace MMDetSharp.Tests.Models.PostProcessing;

public sealed class ScoreQueueTests
{
    [Property]
    public void Pop_AnyScores_IsAStableSort(byte[] values)
    {
        // Few different scores of both signs: many ties.
        var scores = Array.ConvertAll(values ?? [], value => ((value % 7) - 3) / 8f);
        var queue = new ScoreQueue(scores);

        var popped = scores.Select(_ => queue.Pop()).ToArray();

        Assert.Equal(Enumerable.Range(0, scores.Length).OrderByDescending(i => scores[i]), popped);
    }
}
