using System.Text.Json;

using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Data.Pipelines;

/// <summary>Each recorded transform gives the reference's pixels, boxes and shapes from the reference's random draws.</summary>
[Trait("Category", "Golden")]
public sealed class TransformGoldenTests
{
    private const string File = "components/pipelines.safetensors";

    // The reference computes float32 pixels with the same OpenCV calls; another build may round the last bit otherwise.
    private const double FloatTolerance = 1e-4;
    private const double RelativeTolerance = 1e-6;

    public static TheoryData<string> TransformCases() =>
        Names(item => RecordedTransforms.IsKnown(item.Op) && item.Options.TryGetProperty("cfg", out _));

    public static TheoryData<string> ResizeCases() => Names(item => item.Op == "imresize");

    [GoldenTheory(File)]
    [MemberData(nameof(TransformCases))]
    public void Apply_RecordedDraws_IsRecorded(string name)
    {
        var golden = Case(name);
        using var sample = Read(golden);
        var draws = new RecordedDraws(golden.Options.GetProperty("draws"));

        var kept = RecordedTransforms.Build(golden.Options.GetProperty("cfg")).Apply(sample, draws);

        Assert.True(kept);
        Assert.Equal(0, draws.Left);
        AssertImage(golden, "img", sample.Image);
        AssertBoxes(golden, sample);
        AssertInfo(golden, sample);
    }

    [GoldenTheory(File)]
    [MemberData(nameof(ResizeCases))]
    public void Resize_EveryInterpolation_IsRecorded(string name)
    {
        var golden = Case(name);
        using var image = ReadImage(golden);
        using var floats = image.ToPixelType(PixelType.Float32);
        var size = golden.Options.GetProperty("size");
        var method = Enum.Parse<Interpolation>(golden.Options.GetProperty("interpolation").GetString()!, true);

        using var resized = image.Resize(size[0].GetInt32(), size[1].GetInt32(), method);
        using var resizedFloats = floats.Resize(size[0].GetInt32(), size[1].GetInt32(), method);

        AssertImage(golden, "v", resized);
        AssertImage(golden, "vf", resizedFloats);
    }

    [GoldenFact(File)]
    public void Pad_EachSide_IsRecorded()
    {
        var golden = Case("impad");
        using var image = ReadImage(golden);
        var margin = golden.Options.GetProperty("padding").EnumerateArray().Select(side => side.GetInt32()).ToArray();
        var fill = golden.Options.GetProperty("pad_val").GetDouble();

        using var padded = image.Pad(new(margin[0], margin[1], margin[2], margin[3]), BorderMode.Constant, fill);

        AssertImage(golden, "v", padded);
    }

    [GoldenFact(File)]
    public void ToColor_Gray_IsRecorded()
    {
        var golden = Case("gray");
        using var image = ReadImage(golden);

        using var gray = image.ToColor(ColorConversion.BgrToGray);

        AssertImage(golden, "v", gray);
    }

    [GoldenFact(File)]
    public void ToColor_HsvAndBack_IsRecorded()
    {
        var golden = Case("hsv");
        using var image = ReadImage(golden);

        using var hsv = image.ToColor(ColorConversion.BgrToHsv);
        using var back = hsv.ToColor(ColorConversion.HsvToBgr);

        AssertImage(golden, "hsv", hsv);
        AssertImage(golden, "back", back);
    }

    [GoldenFact(File)]
    public void MultiScaleFlipAug_TwoScalesAndFlip_IsRecorded()
    {
        var golden = Case("multiscaleflip");
        using var sample = Sample.FromImage(ReadImage(golden), "recorded");
        var options = golden.Options;
        var views = new Pipeline(
        [
            new Resize(new ResizeOptions()),
            new RandomFlip(),
            new Normalize(RecordedTransforms.Norm(options.GetProperty("norm"))),
            Pad.ToMultiple(32),
            new ImageToTensor("img"),
            new Collect(["img"]),
        ]);
        FlipDirection[] flips = options.GetProperty("flip").GetBoolean() ? [FlipDirection.Horizontal] : [];
        var pipeline = new Pipeline(
        [
            new LoadImageFromFile(),
            MultiScaleFlipAug.AtScales(views, RecordedTransforms.Scales(options.GetProperty("img_scale")), flips),
        ]);

        pipeline.Apply(sample, new CounterRandom());

        var metas = options.GetProperty("metas");
        Assert.Equal(metas.GetArrayLength(), sample.Views.Count);
        for (var i = 0; i < sample.Views.Count; i++)
        {
            using var batch = Collator.Collate([sample.Views[i]]);
            using var image = batch.Images.Select(0, 0);
            golden.File.AssertClose(
                golden.Out($"imgs/{i}"), image.ToArray(), image.Shape, FloatTolerance, RelativeTolerance);
            AssertMeta(metas[i], batch.Infos[0]);
        }
    }

    private static void AssertMeta(JsonElement meta, ImageInfo info)
    {
        Assert.Equal(Shape(meta.GetProperty("img_shape")), info.ImageShape);
        Assert.Equal(Shape(meta.GetProperty("pad_shape")), info.PadShape);
        Assert.Equal(meta.GetProperty("flip").GetBoolean(), info.Flip);
        Assert.Equal(Direction(meta.GetProperty("flip_direction")), info.FlipDirection);
        Assert.Equal(meta.GetProperty("scale_factor").EnumerateArray().Select(value => value.GetSingle()), info.ScaleFactor);
    }

    private static GoldenCase Case(string name) => GoldenFile.Open(File).Cases.Single(item => item.Name == name);

    private static TheoryData<string> Names(Func<GoldenCase, bool> wanted)
    {
        var path = Path.Combine(RepositoryFolder.Goldens, File);
        return System.IO.File.Exists(path)
            ? [.. GoldenFile.Open(File).Cases.Where(wanted).Select(item => item.Name)]
            : ["(none)"];
    }

    private static Image ReadImage(GoldenCase golden)
    {
        var name = golden.In("img");
        var shape = golden.File.Shape(name);
        var size = new ImageShape((int)shape[0], (int)shape[1], (int)shape[2]);
        return golden.File.Tensor(name).Type == ScalarType.UInt8
            ? Image.FromPixels(golden.File.Bytes(name), size)
            : Image.FromPixels(golden.File.Floats(name), size);
    }

    private static Sample Read(GoldenCase golden)
    {
        var image = ReadImage(golden);
        var item = new DatasetItem { Id = "1", FileName = "a.jpg", ImagePath = "a.jpg", Width = 1, Height = 1 };
        var sample = new Sample(item)
        {
            Image = image,
            OriginalShape = image.Shape,
            ImageShape = image.Shape,
            PadShape = image.Shape,
            Boxes = golden.File.Floats(golden.In("gt_bboxes")),
            Labels = golden.File.Int64s(golden.In("gt_labels")),
            IgnoredBoxes = golden.File.Floats(golden.In("gt_bboxes_ignore")),
        };
        var extra = golden.Options.GetProperty("extra");
        sample.RequestedScaleFactor = extra.TryGetProperty("scale_factor", out var factor) ? factor.GetDouble() : null;
        sample.FlipDirection = extra.TryGetProperty("flip_direction", out var flip) ? Direction(flip) : null;
        return sample;
    }

    private static void AssertImage(GoldenCase golden, string name, Image image)
    {
        var file = golden.File;
        long[] shape = [image.Height, image.Width, image.Channels];
        var recorded = golden.Out(name);
        Assert.Equal(file.Shape(recorded), shape[..file.Shape(recorded).Length]);
        if (image.PixelType == PixelType.UInt8)
        {
            Assert.Equal(file.Bytes(recorded), image.Bytes.ToArray());
        }
        else
        {
            file.AssertClose(recorded, image.Floats.ToArray(), shape, FloatTolerance, RelativeTolerance);
        }
    }

    private static void AssertBoxes(GoldenCase golden, Sample sample)
    {
        var file = golden.File;
        Assert.Equal(file.Floats(golden.Out("gt_bboxes")), sample.Boxes);
        Assert.Equal(file.Int64s(golden.Out("gt_labels")), sample.Labels);
        Assert.Equal(file.Floats(golden.Out("gt_bboxes_ignore")), sample.IgnoredBoxes);
        AssertOptional(golden, "scale_factor", sample.ScaleFactor);
        AssertOptional(golden, "pad_param", sample.PadParameters);
        AssertOptional(golden, "border", sample.Border);
    }

    private static void AssertOptional(GoldenCase golden, string name, float[]? actual)
    {
        if (golden.File.Has(golden.Out(name)))
        {
            Assert.Equal(golden.File.Floats(golden.Out(name)), actual);
        }
    }

    private static void AssertInfo(GoldenCase golden, Sample sample)
    {
        var info = golden.Options.GetProperty("info");
        Assert.Equal(Shape(info.GetProperty("img_shape")), sample.ImageShape);
        Assert.Equal(Shape(info.GetProperty("pad_shape")), sample.PadShape);
        if (info.TryGetProperty("flip", out var flip))
        {
            Assert.Equal(flip.GetBoolean(), sample.FlipDirection != FlipDirection.None);
            Assert.Equal(Direction(info.GetProperty("flip_direction")), sample.FlipDirection);
        }
    }

    private static FlipDirection Direction(JsonElement name) => name.ValueKind == JsonValueKind.Null
        ? FlipDirection.None
        : Enum.Parse<FlipDirection>(name.GetString()!, ignoreCase: true);

    private static ImageShape Shape(JsonElement shape) =>
        new(shape[0].GetInt32(), shape[1].GetInt32(), shape[2].GetInt32());
}
