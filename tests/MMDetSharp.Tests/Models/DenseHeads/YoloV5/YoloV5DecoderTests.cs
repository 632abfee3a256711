using MMDetSharp.Core.Structures;
using MMDetSharp.Models.DenseHeads.YoloV5;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models.DenseHeads.YoloV5;

/// <summary>From maps to boxes: by hand, at the edges, and against the recorded output of YOLOv5.</summary>
public sealed class YoloV5DecoderTests
{
    private static readonly ImageInfo s_info = new()
    {
        FileName = "x.jpg",
        OriginalShape = new(64, 96),
        ImageShape = new(64, 96),
        PadShape = new(64, 96),
    };

    [Fact]
    public void Decode_OneCell_GivesTheBoxOfTheEquations()
    {
        // Cell (1, 2) of stride 8, anchor 10 x 20; t = (0, 0, 0, ln 3): s = 0.5, 0.5, 0.5, 0.75.
        // centre = (2 * 0.5 - 0.5 + 2) * 8 = 20, (1 + 0.5) * 8 = 12; w = 1 * 10, h = 1.5^2 * 20 = 45.
        // score = s(2) * s(1) = 0.8808 * 0.7311 = 0.6439.
        using var map = Cell(rows: 4, columns: 5, row: 1, column: 2, [0, 0, 0, MathF.Log(3), 2, -5, 1]);
        var decoder = new YoloV5Decoder([8], 2, new() { ScoreThreshold = 0.5 });

        using var found = decoder.Decode([map], [10, 20], [s_info], rescale: false)[0];

        Assert.Equal([15, -10.5, 25, 34.5], found.Boxes.ToArray().Select(side => Math.Round(side, 3)));
        Assert.Equal(0.6439, found.Scores.ToArray()[0], 4);
        Assert.Equal([1L], found.Labels.ToInt64Array());
    }

    [Fact]
    public void Decode_SeveralClasses_GivesEachThatIsSureEnough()
    {
        using var map = Cell(rows: 1, columns: 1, row: 0, column: 0, [0, 0, 0, 0, 9, 3, 2]);

        using var all = new YoloV5Decoder([8], 2, new() { MultiLabel = true })
            .Decode([map], [10, 20], [s_info], rescale: false)[0];
        using var best = new YoloV5Decoder([8], 2, new()).Decode([map], [10, 20], [s_info], rescale: false)[0];

        Assert.Equal([0L, 1], all.Labels.ToInt64Array());
        Assert.Equal([0L], best.Labels.ToInt64Array());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(-20)]
    public void Decode_NothingSure_GivesNothing(float objectness)
    {
        using var map = Cell(rows: 2, columns: 2, row: 0, column: 0, [0, 0, 0, 0, objectness, 9, 9]);

        using var found = new YoloV5Decoder([8], 2, new()).Decode([map], [10, 20], [s_info], rescale: true)[0];

        Assert.Equal(0, found.Count);
        Assert.Equal([0L, 4], found.Boxes.Shape);
    }

    [Fact]
    public void Decode_MoreThanAllowed_KeepsTheBest()
    {
        using var map = Tensor.Full([1, 7, 4, 4], 4); // sixteen boxes far apart
        var decoder = new YoloV5Decoder([100], 2, new() { MaxCandidates = 5, MaxPerImage = 9 });

        using var found = decoder.Decode([map], [1, 1], [s_info], rescale: false)[0];

        Assert.Equal(5, found.Count);
    }

    [Fact]
    public void ToOriginal_Letterbox_TakesHalfTheMarginAndCutsOff()
    {
        // 96 x 64 at 0.5 is 48 x 32, in 64 x 64: 8 pixels left, 16 above.
        var info = s_info with { PadShape = new(64, 64), ScaleFactor = [0.5f, 0.5f, 0.5f, 0.5f], PadParameters = [16, 16, 8, 8] };
        float[] boxes = [8, 16, 32, 64];

        YoloV5Decoder.ToOriginal(boxes, info);

        Assert.Equal([0f, 0, 48, 64], boxes);
    }

    [SharedFact("reference/yolov5n/dog_320_output.npy")]
    [Trait("Category", "Golden")]
    public void Decode_RecordedMaps_GivesTheRecordedRows()
    {
        const float least = 0.01f;
        using var scope = TensorScope.Begin();
        var maps = Enumerable.Range(0, 3).Select(i => NumpyFile.Read($"reference/yolov5n/dog_320_head{i}.npy"))
            .Select(map => Tensor.From(map.Values, map.Shape)).ToArray();
        var options = new YoloV5DecoderOptions { ScoreThreshold = least, IoUThreshold = 1 };
        float[] anchors = [10, 13, 16, 30, 33, 23, 30, 61, 62, 45, 59, 119, 116, 90, 156, 198, 373, 326];

        var found = new YoloV5Decoder([8, 16, 32], 80, options).Decode(maps, anchors, [s_info], rescale: false)[0];

        var rows = NumpyFile.Read("reference/yolov5n/dog_320_output.npy").Values.Chunk(85)
            .Select(row => (Box: row[..4], Label: Array.IndexOf(row, row[5..].Max(), 5) - 5, Score: row[4] * row[5..].Max()))
            .Where(row => row.Score > least).OrderByDescending(row => row.Score).ToList();
        Assert.Equal(rows.Select(row => (long)row.Label), found.Labels.ToInt64Array());

        // Sigmoids of two libraries: single float32 roundings, which sides of hundreds of pixels multiply.
        GoldenComparer.AssertValues(
            "scores", [.. rows.Select(row => (double)row.Score)], found.Scores.ToDoubleArray(), (1e-6, 1e-5));
        GoldenComparer.AssertValues(
            "boxes", [.. rows.SelectMany(row => Corners(row.Box))], found.Boxes.ToDoubleArray(), (1e-3, 1e-5));
    }

    private static double[] Corners(float[] box) =>
        [box[0] - (box[2] / 2), box[1] - (box[3] / 2), box[0] + (box[2] / 2), box[1] + (box[3] / 2)];

    // All other cells are sure that there is nothing.
    private static Tensor Cell(int rows, int columns, int row, int column, float[] values)
    {
        var map = new float[values.Length * rows * columns];
        map.AsSpan(4 * rows * columns, rows * columns).Fill(-20);
        for (var i = 0; i < values.Length; i++)
        {
            map[(((i * rows) + row) * columns) + column] = values[i];
        }

        return Tensor.From(map, 1, values.Length, rows, columns);
    }
}
