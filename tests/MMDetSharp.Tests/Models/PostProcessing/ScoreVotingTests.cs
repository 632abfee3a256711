using MMDetSharp.Core.Structures;
using MMDetSharp.Models.PostProcessing;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.PostProcessing;

[SettlesFirst]
[Collection(CountsTensors.Name)]
public sealed class ScoreVotingTests
{
    private static readonly float[] s_boxes = [0, 0, 10, 10, 2, 0, 12, 10, 4, 0, 14, 10];

    [Fact]
    public void Vote_ANeighbourOfTheClass_PullsTheBox()
    {
        // IoU 80 / 120: weight exp(-(1 / 3)^2 / 0.025) * 0.4 = 0.0046975 beside 1 * 0.8: x1 = 2 * 0.0046975 / 0.8046975.
        // The third box is of the other class, and its score of this class does not pass.
        using var scope = TensorScope.Begin();
        var scores = Tensor.From([0.8f, 0, 0.4f, 0, 0.05f, 0.9f], 3, 2);

        var voted = new ScoreVoting(threshold: 0.05).Vote(Kept(), Tensor.From(s_boxes, 3, 4), scores);

        var boxes = voted.Boxes.ToArray();
        Assert.Equal(0.011675f, boxes[0], 1e-5f);
        Assert.Equal(10.011675f, boxes[2], 1e-5f);
        Assert.Equal((0f, 10f), (boxes[1], boxes[3]));
        Assert.Equal([0.8f], voted.Scores.ToArray());
    }

    [Fact]
    public void Vote_Called_LeavesThreeTensors()
    {
        using var scope = TensorScope.Begin();
        var (kept, boxes, scores) = (Kept(), Tensor.From(s_boxes, 3, 4), Tensor.Ones([3, 1]));
        var before = Tensor.LiveCount;

        new ScoreVoting(threshold: 0.05).Vote(kept, boxes, scores);

        CountsTensors.AssertAtMost(before + 3);
    }

    private static Detections Kept() =>
        new(Tensor.From([0f, 0, 10, 10], 1, 4), Tensor.From([0.8f], 1), Tensor.From([0L], 1));
}
