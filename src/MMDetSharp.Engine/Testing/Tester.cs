using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Registry;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Engine.Progress;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Checkpoints;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Engine.Testing;

/// <summary>How a <see cref="Tester"/> works: the options of <c>mmdet test</c>.</summary>
public sealed record TesterOptions
{
    /// <summary>The device of the network: CPU or a GPU.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Whether the part that depends on pixels alone is compiled.</summary>
    public bool Compile { get; init; } = true;

    /// <summary>Images of one batch; null for the config's <c>data.test.samples_per_gpu</c>, which is 1 when left out.</summary>
    public int? BatchSize { get; init; }

    /// <summary>What to evaluate (<c>bbox</c>, <c>proposal</c>, <c>mAP</c> ...); none for the config's metrics.</summary>
    public IReadOnlyList<string> Metrics { get; init; } = [];

    /// <summary>Where people see how far it has come.</summary>
    public IRunProgress Progress { get; init; } = SilentProgress.Instance;

    /// <summary>The folder for images with the found objects painted on them; null for none.</summary>
    public string? ShowFolder { get; init; }

    /// <summary>The least score of a painted object.</summary>
    public double ShowScoreThreshold { get; init; } = 0.3;

    /// <summary>Is given each image's result as soon as it is there, to be shown or painted; null for none.</summary>
    public Action<ImageDetections>? OnImage { get; init; }
}

/// <summary>Runs a trained model over a config's test set.</summary>
/// <example><code>
/// using var tester = Tester.FromConfig(Config.Load("retinanet_r50_fpn_coco.py"), "retinanet_r50_fpn_coco.pth");
/// Console.WriteLine(tester.Run().Evaluate().Text);
/// </code></example>
public sealed class Tester : IDisposable
{
    private readonly Detector _model;
    private readonly DataLoader _loader;
    private readonly TesterOptions _options;
    private readonly EvaluationOptions _how;
    private readonly DetectionPainter _painter;

    private Tester(Detector model, DataLoader loader, (TesterOptions Options, EvaluationOptions How) work)
    {
        _model = model;
        _loader = loader;
        (_options, _how) = work;
        _painter = new DetectionPainter(model.ClassNames, new() { ScoreThreshold = _options.ShowScoreThreshold });
    }

    /// <summary>The test set, <c>data.test</c>.</summary>
    public IDetectionDataset Dataset => _loader.Dataset;

    /// <summary>(K): the names of the classes.</summary>
    public IReadOnlyList<string> Classes => _model.ClassNames;

    /// <summary>Builds the test set and the detector of a config, and loads the detector's weights.</summary>
    /// <param name="config">A config of MMDetection 2.x; its <c>data.test</c> is run over.</param>
    /// <param name="checkpoint">The weights: PyTorch's or safetensors.</param>
    /// <param name="options">How to work; null for the defaults.</param>
    /// <returns>It belongs to the caller.</returns>
    /// <exception cref="ConfigException">The config is wrong; the message tells file and line.</exception>
    /// <exception cref="DatasetException">The data set is missing or broken.</exception>
    /// <exception cref="CheckpointException">The checkpoint is missing, broken or of another model.</exception>
    public static Tester FromConfig(Config config, string checkpoint, TesterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(config);
        options ??= new TesterOptions();
        var root = new ConfigReader(config.Root);
        var data = new DataConfig(root.Node("data"));
        var loader = data.TestLoader("test", options.BatchSize ?? data.TestBatchSize);
        foreach (var warning in loader.Dataset.Report.Warnings)
        {
            options.Progress.Message($"warning: {warning}");
        }

        var how = EvaluationOptions.FromConfig(root.NodeOrNull("evaluation"), options.Metrics);
        DatasetEvaluator.RequireMetrics(loader.Dataset, how);
        return new Tester(ModelLoading.Load(config, checkpoint, options.Device), loader, (options, how));
    }

    /// <summary>Finds the objects of every image.</summary>
    /// <param name="cancellation">Stops between two batches.</param>
    /// <returns>Plain numbers; no tensor is kept.</returns>
    /// <exception cref="DataLoaderException">An image cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was asked to stop.</exception>
    public TestResult Run(CancellationToken cancellation = default)
    {
        using var session = new DetectorSession(_model, _options.Device, _options.Compile);
        var isShown = _options.OnImage is not null || _options.ShowFolder is not null;
        Action<ImageInfo, ImageDetections>? onImage = isShown ? Show : null;
        var found = DatasetDetector.Run(session, _loader, _options.Progress, onImage, cancellation);
        return new TestResult(_loader.Dataset, found, _how);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private void Show(ImageInfo info, ImageDetections found)
    {
        var result = found.Of(info, _model.ClassNames);
        _options.OnImage?.Invoke(result);
        if (_options.ShowFolder is { } folder)
        {
            _painter.Save(result, Path.Combine(folder, info.OriginalFileName));
        }
    }
}

/// <summary>What a model found in a test set.</summary>
/// <param name="Dataset">The images and their annotations.</param>
/// <param name="Detections">One per image, in the order of the data set.</param>
/// <param name="How">The metrics to evaluate.</param>
public sealed record TestResult(
    IDetectionDataset Dataset, IReadOnlyList<ImageDetections> Detections, EvaluationOptions How)
{
    /// <summary>Evaluates the detections by the data set's protocol: COCO's or VOC's AP.</summary>
    /// <returns>The numbers and the tables.</returns>
    /// <exception cref="DatasetException">This kind of data set cannot be evaluated so.</exception>
    public EvaluationReport Evaluate() => DatasetEvaluator.Evaluate(Dataset, Detections, How);

    /// <summary>Writes COCO's result format, in one step.</summary>
    /// <param name="path">The file to make or replace.</param>
    public void Save(string path) => ResultConversion.ToCoco(Dataset, Detections).Save(path);
}
