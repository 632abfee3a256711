using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Tests.Torch.Checkpoints;

/// <summary>The lists of keys that differ.</summary>
public sealed class StateDictDifferenceTests
{
    private static readonly StateDictKey[] Model =
    [
        new("backbone.conv1.weight", [4, 3]),
        new("backbone.bn1.num_batches_tracked", []),
        new("bbox_head.retina_cls.weight", [8, 2]),
    ];

    [Fact]
    public void Between_Equal_IsEmpty()
    {
        var difference = StateDictDifference.Between(Model, State(
            ("backbone.conv1.weight", [4, 3]),
            ("backbone.bn1.num_batches_tracked", []),
            ("bbox_head.retina_cls.weight", [8, 2])));

        Assert.True(difference.IsEmpty);
        Assert.Equal(3, difference.Loadable.Count);
        difference.RequireNone("latest.pth");
    }

    [Fact]
    public void Between_OldFileWithoutCounters_IsEmpty()
    {
        var difference = StateDictDifference.Between(
            Model, State(("backbone.conv1.weight", [4, 3]), ("bbox_head.retina_cls.weight", [8, 2])));

        Assert.True(difference.IsEmpty);
    }

    [Fact]
    public void RequireNone_OtherClassCount_SaysSo()
    {
        var difference = StateDictDifference.Between(
            Model, State(("backbone.conv1.weight", [4, 3]), ("bbox_head.retina_cls.weight", [6, 2])));

        var failure = Assert.Throws<CheckpointException>(() => difference.RequireNone("latest.pth"));

        Assert.Contains("latest.pth: the checkpoint must fit the model, found a checkpoint of another class count.",
            failure.Message, StringComparison.Ordinal);
        Assert.Contains("bbox_head.retina_cls.weight has shape (8, 2) in the model, (6, 2) in the file",
            failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ToString_ManyDifferences_ShowsTenOfEachKind()
    {
        var file = State([.. Enumerable.Range(0, 25).Select(i => ($"head.{i}", new long[] { 1 }))]);

        var text = StateDictDifference.Between(Model, file).ToString();

        Assert.Contains("a checkpoint of another model (no tensor fits).", text, StringComparison.Ordinal);
        Assert.Contains("not in the model (25):", text, StringComparison.Ordinal);
        Assert.Contains("... and 15 more", text, StringComparison.Ordinal);
        Assert.Contains("missing in the file (2):", text, StringComparison.Ordinal);
    }

    private static OrderedDictionary<string, StoredTensor> State(params (string Name, long[] Shape)[] tensors)
    {
        var state = new OrderedDictionary<string, StoredTensor>();
        foreach (var (name, shape) in tensors)
        {
            state.Add(name, StoredNumbers.Floats(new float[shape.Aggregate(1L, (count, size) => count * size)], shape));
        }

        return state;
    }
}
