using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Imaging;
using MMDetSharp.Data.Loading;
using MMDetSharp.Data.Pipelines;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Inference;

/// <summary>Device, score threshold and compilation of a <see cref="DetectorInferencer"/>.</summary>
public sealed record InferencerOptions
{
    /// <summary>The device of the network: CPU or a GPU.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>
    /// Whether the part that depends on pixels alone is compiled at the first image: about twice as fast on the
    /// processor, with the same results to the rounding of floats.
    /// </summary>
    public bool Compile { get; init; } = true;

    /// <summary>Objects below this score are left out, after all else.</summary>
    public double ScoreThreshold { get; init; }
}

/// <summary>Finds objects in images with a trained model.</summary>
/// <remarks>
/// Safe to use from several threads at once: images are prepared side by side, and the model runs one after the other,
/// since each run uses all processors.
/// </remarks>
/// <example><code>
/// using var detector = DetectorInferencer.Load("retinanet_r50_fpn_coco.py", "retinanet_r50_fpn_coco.pth");
/// var result = detector.Predict("street.jpg");
/// Console.WriteLine(string.Join('\n', result.Objects));
/// </code></example>
public sealed class DetectorInferencer : IDisposable
{
    private readonly Detector _model;
    private readonly DetectorSession _session;
    private readonly Pipeline _pipeline;
    private readonly double _threshold;
    private readonly Lock _lock = new();

    private DetectorInferencer(Detector model, Pipeline pipeline, InferencerOptions options)
    {
        _model = model;
        _pipeline = pipeline;
        _threshold = options.ScoreThreshold;
        _session = new DetectorSession(model, options.Device, options.Compile);
    }

    /// <summary>(K): the names of the classes.</summary>
    public IReadOnlyList<string> Classes => _model.ClassNames;

    /// <summary>Builds the detector and test pipeline of a config, and loads the detector's weights.</summary>
    /// <param name="config">A config file of MMDetection 2.x.</param>
    /// <param name="checkpoint">Its weights: PyTorch's or safetensors.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <returns>It belongs to the caller.</returns>
    /// <exception cref="ConfigException">The config is wrong; the message tells file and line.</exception>
    /// <exception cref="CheckpointException">The checkpoint is missing, broken or of another model.</exception>
    public static DetectorInferencer Load(string config, string checkpoint, InferencerOptions? options = null)
    {
        // The native library takes longest to load: it begins while the config is read.
        var native = Task.Run(() => TorchRuntime.Threads);
        var loaded = Config.Load(config);
        native.GetAwaiter().GetResult();
        return Load(loaded, checkpoint, options);
    }

    /// <summary>Builds the detector and test pipeline of a config, and loads the detector's weights.</summary>
    /// <param name="config">A config of MMDetection 2.x.</param>
    /// <param name="checkpoint">Its weights: PyTorch's or safetensors.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <returns>It belongs to the caller.</returns>
    /// <exception cref="ConfigException">The config is wrong; the message tells file and line.</exception>
    /// <exception cref="CheckpointException">The checkpoint is missing, broken or of another model.</exception>
    public static DetectorInferencer Load(Config config, string checkpoint, InferencerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new InferencerOptions();
        var pipeline = new DataConfig(new ConfigReader(config.Root).Node("data")).Pipeline("test");
        return new DetectorInferencer(ModelLoading.Load(config, checkpoint, options.Device), pipeline, options);
    }

    /// <summary>Finds the objects of an image file.</summary>
    /// <param name="path">JPEG, PNG and what else OpenCV reads.</param>
    /// <returns>Boxes in pixels of the image, by descending score.</returns>
    /// <exception cref="ImageException">The file is missing, broken or no image.</exception>
    public ImageDetections Predict(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using var sample = Sample.FromFile(path);
        return Predict(sample);
    }

    /// <summary>Finds the objects of an image in memory.</summary>
    /// <param name="image">BGR; borrowed.</param>
    /// <param name="name">How the result calls it.</param>
    /// <returns>Boxes in pixels of the image, by descending score.</returns>
    public ImageDetections Predict(Image image, string name = "image")
    {
        ArgumentNullException.ThrowIfNull(image);
        using var sample = Sample.FromImage(image.Clone(), name);
        return Predict(sample);
    }

    /// <summary>Finds the objects of an encoded image, such as an upload.</summary>
    /// <param name="file">The bytes of a JPEG, PNG and so on.</param>
    /// <param name="name">How the result and errors call it.</param>
    /// <returns>Boxes in pixels of the image, by descending score.</returns>
    /// <exception cref="ImageException">The bytes are broken or no image.</exception>
    public ImageDetections Predict(ReadOnlySpan<byte> file, string name = "image")
    {
        using var sample = Sample.FromImage(ImageFile.Decode(file, name), name);
        return Predict(sample);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    private ImageDetections Predict(Sample sample)
    {
        using var scope = TensorScope.Begin();
        _pipeline.Apply(sample, new CounterRandom(0));
        IReadOnlyList<Sample> samples = sample.Views.Count == 0 ? [sample] : sample.Views;
        Batch[] views = [.. samples.Select(view => Collator.Collate([view]))];
        lock (_lock)
        {
            var found = ImageDetections.From(_session.Detect(views)[0]).Above(_threshold);
            return found.Of(views[0].Infos[0], _model.ClassNames);
        }
    }
}
