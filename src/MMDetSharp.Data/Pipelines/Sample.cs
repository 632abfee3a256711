using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Imaging;

namespace MMDetSharp.Data.Pipelines;

/// <summary>One image on its way through a pipeline: pixels, boxes and what happened to them. Owns its image.</summary>
public sealed class Sample : IDisposable
{
    private Image? _image;

    /// <param name="item">What the data set knows of the image.</param>
    public Sample(DatasetItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        Item = item;
        FileName = item.ImagePath;
    }

    /// <summary>What the data set knows of the image.</summary>
    public DatasetItem Item { get; }

    /// <summary>The path that the image is read from.</summary>
    public string FileName { get; }

    /// <summary>Whether the image has been read.</summary>
    public bool HasImage => _image is not null;

    /// <summary>The image; setting another one disposes it.</summary>
    /// <exception cref="PipelineException">It has not been read.</exception>
    public Image Image
    {
        get => _image ?? throw new PipelineException(
            $"{FileName}: the image has not been read. Begin the pipeline with LoadImageFromFile.");
        set
        {
            if (!ReferenceEquals(_image, value))
            {
                _image?.Dispose();
            }

            _image = value;
        }
    }

    /// <summary>(G, 4) xyxy, or null before annotations are loaded.</summary>
    public float[]? Boxes { get; set; }

    /// <summary>(G), or null before annotations are loaded.</summary>
    public long[]? Labels { get; set; }

    /// <summary>(I, 4) xyxy, or null before annotations are loaded.</summary>
    public float[]? IgnoredBoxes { get; set; }

    /// <summary>The image as it was read.</summary>
    public ImageShape OriginalShape { get; set; }

    /// <summary>After resizing and cropping, before padding.</summary>
    public ImageShape ImageShape { get; set; }

    /// <summary>After padding; null where nothing resized or padded.</summary>
    public ImageShape? PadShape { get; set; }

    /// <summary>(4): (w, h, w, h), or null before resizing.</summary>
    public float[]? ScaleFactor { get; set; }

    /// <summary>How the image was, or is to be, mirrored; null while that is undecided.</summary>
    public FlipDirection? FlipDirection { get; set; }

    /// <summary>(4): top, bottom, left, right of the image inside padding on all sides; null where there is none.</summary>
    public float[]? Border { get; set; }

    /// <summary>(4): pixels added at top, bottom, left and right by letterboxing; null where there are none.</summary>
    public float[]? PadParameters { get; set; }

    /// <summary>How the values were normalised; null where they were not.</summary>
    public NormConfig? NormConfig { get; set; }

    /// <summary>The size that test-time augmentation asks <see cref="Resize"/> for.</summary>
    public ImageScale? RequestedScale { get; set; }

    /// <summary>The size that all images of the batch get; null where each has its own.</summary>
    public ImageShape? BatchShape { get; set; }

    /// <summary>The factor that test-time augmentation asks <see cref="Resize"/> for.</summary>
    public double? RequestedScaleFactor { get; set; }

    /// <summary>Which parts go into the batch, by the reference's names; null before <see cref="Collect"/>.</summary>
    public IReadOnlyList<string>? CollectedKeys { get; set; }

    /// <summary>The views that <see cref="MultiScaleFlipAug"/> made of this image; empty without it.</summary>
    public IReadOnlyList<Sample> Views { get; set; } = [];

    /// <summary>The other images of the data set; null where the data set mixes none.</summary>
    internal ISampleSource? Others { get; set; }

    /// <summary>A sample of an image that is in memory already.</summary>
    /// <param name="image">BGR; the sample owns it from now on.</param>
    /// <param name="name">How messages and results call it.</param>
    public static Sample FromImage(Image image, string name)
    {
        ArgumentNullException.ThrowIfNull(image);
        var item = new DatasetItem
        {
            Id = name,
            FileName = name,
            ImagePath = name,
            Width = image.Width,
            Height = image.Height,
        };
        return new Sample(item) { Image = image };
    }

    /// <summary>A sample of an image file without annotations.</summary>
    /// <param name="path">The file.</param>
    public static Sample FromFile(string path) =>
        new(new DatasetItem { Id = path, FileName = path, ImagePath = path, Width = 0, Height = 0 });

    /// <summary>What the batch keeps of this sample's history.</summary>
    public ImageInfo ToInfo() => new()
    {
        FileName = FileName,
        OriginalFileName = Item.FileName,
        OriginalShape = OriginalShape,
        ImageShape = ImageShape,
        PadShape = PadShape ?? Image.Shape,
        ScaleFactor = ScaleFactor ?? [1, 1, 1, 1],
        FlipDirection = FlipDirection ?? Core.Structures.FlipDirection.None,
        NormConfig = NormConfig ?? NormConfig.Identity,
        Border = Border,
        PadParameters = PadParameters,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _image?.Dispose();
        _image = null;
        foreach (var view in Views)
        {
            view.Dispose();
        }
    }

    /// <summary>Takes another image, of a size of its own, instead of the one so far.</summary>
    internal void ReplaceImage(Image image)
    {
        Image = image;
        (ImageShape, PadShape) = (image.Shape, null);
    }

    /// <summary>The other images of the data set.</summary>
    /// <param name="transform">Who asks, for the message.</param>
    /// <exception cref="PipelineException">The data set mixes none.</exception>
    internal ISampleSource OtherSamples(string transform) => Others ?? throw new PipelineException(
        $"{transform}: the data set must be a MultiImageMixDataset, which gives other images to mix with. Write "
        + $"type='MultiImageMixDataset', dataset=dict(..., pipeline=[load]), pipeline=[dict(type='{transform}'), ...].");

    /// <summary>A copy with its own pixels.</summary>
    internal Sample Copy()
    {
        var copy = (Sample)MemberwiseClone();
        copy._image = _image?.Clone();
        return copy;
    }

    /// <summary>Drops boxes, with their labels.</summary>
    /// <param name="keep">Which boxes of an array stay.</param>
    internal void KeepBoxes(Func<float[], bool[]> keep)
    {
        if (Boxes is not null)
        {
            var kept = keep(Boxes);
            Boxes = BoxArrays.Select(Boxes, kept, width: 4);
            Labels = Labels is null ? null : BoxArrays.Select(Labels, kept);
        }

        if (IgnoredBoxes is not null)
        {
            IgnoredBoxes = BoxArrays.Select(IgnoredBoxes, keep(IgnoredBoxes), width: 4);
        }
    }

    /// <summary>Changes each kind of boxes that is loaded.</summary>
    internal void ChangeBoxes(Func<float[], float[]> change)
    {
        Boxes = Boxes is null ? null : change(Boxes);
        IgnoredBoxes = IgnoredBoxes is null ? null : change(IgnoredBoxes);
    }

    /// <summary>Changes each kind of boxes that is loaded, and drops some with their labels.</summary>
    /// <param name="move">Gives the new boxes, and which of them stay.</param>
    internal void MoveBoxes(Func<float[], (float[] Boxes, bool[] Keep)> move)
    {
        var keeps = new Dictionary<float[], bool[]>(ReferenceEqualityComparer.Instance);
        ChangeBoxes(boxes =>
        {
            var (moved, keep) = move(boxes);
            keeps[moved] = keep;
            return moved;
        });
        KeepBoxes(moved => keeps[moved]);
    }
}
