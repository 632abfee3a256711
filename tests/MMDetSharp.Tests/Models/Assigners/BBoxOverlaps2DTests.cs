using MMDetSharp.Models.Assigners;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.Assigners;

public sealed class BBoxOverlaps2DTests
{
    private const string Recorded = "components/overlaps.safetensors";

    public static TheoryData<string> Cases => ComponentGolden.Names(Recorded, "bbox_overlaps");

    [Theory]
    [InlineData(OverlapMode.IoU, 100.0 / 200)] // 10 x 10 of 10 x 20
    [InlineData(OverlapMode.IoF, 100.0 / 100)]
    [InlineData(OverlapMode.GIoU, 0.5)] // the enclosing box is the second
    public void Pairs_HalfCovered_IsTheRatio(OverlapMode mode, double expected)
    {
        using var scope = TensorScope.Begin();
        var first = Tensor.From([0f, 0, 10, 10], 1, 4);
        var second = Tensor.From([0f, 0, 10, 20], 1, 4);

        Assert.Equal(expected, new BBoxOverlaps2D().Pairs(first, second, mode).Item(), 1e-7);
    }

    [Fact]
    public void Aligned_UnequalCounts_SaysThatBoxesComeInPairs()
    {
        using var scope = TensorScope.Begin();

        var error = Assert.Throws<ArgumentException>(
            () => new BBoxOverlaps2D().Aligned(Tensor.Zeros([2, 4]), Tensor.Zeros([3, 4])));

        Assert.Contains("pairs", error.Message, StringComparison.Ordinal);
    }

    [GoldenTheory(Recorded)]
    [MemberData(nameof(Cases))]
    [Trait("Category", "Golden")]
    public void Overlaps_Recorded_AreRecorded(string name)
    {
        using var scope = TensorScope.Begin();
        var golden = ComponentGolden.Open(Recorded, name);
        var calculator = new BBoxOverlaps2D(golden.Options.Number("eps", 1e-6));
        var mode = Enum.Parse<OverlapMode>(golden.Options.Text("mode"), ignoreCase: true);
        var (first, second) = (golden.FloatInput("a"), golden.FloatInput("b"));

        var overlaps = golden.Options.Flag("is_aligned", false)
            ? calculator.Aligned(first, second, mode)
            : calculator.Pairs(first, second, mode);

        golden.AssertOutput("v", overlaps, 1e-7, 1e-6); // rounding of a few float32 operations
    }
}
