using MMDetSharp.Core.Configs;
using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Core.Structures;
using MMDetSharp.Data.Datasets;
using MMDetSharp.Data.Loading;
using MMDetSharp.Engine.Evaluation;
using MMDetSharp.Engine.Training;
using MMDetSharp.Engine.Visualization;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Torch.Checkpoints;

namespace MMDetSharp.Engine.Inference;

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

    /// <summary>The images.</summary>
    public IDetectionDataset Dataset => _loader.Dataset;

    /// <summary>(K): the names of the classes.</summary>
    public IReadOnlyList<string> Classes => _model.ClassNames;

    /// <summary>Makes everything ready.</summary>
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
        var parts = new TrainingConfig(config);
        var ownBatch = parts.DatasetNodes("test")[0].Int("samples_per_gpu", 1);
        var loader = parts.TestLoader("test", options.BatchSize ?? ownBatch);
        foreach (var warning in loader.Dataset.Report.Warnings)
        {
            options.Progress.Message($"warning: {warning}");
        }

        var how = EvaluationConfig.How(parts.Root.NodeOrNull("evaluation"), options.Metrics);
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
        var found = DatasetDetection.Run(session, _loader, _options.Progress, onImage, cancellation);
        return new TestResult(_loader.Dataset, found, _how);
    }

    /// <summary>Frees the model.</summary>
    public void Dispose() => _model.Dispose();

    private void Show(ImageInfo info, ImageDetections found)
    {
        var result = new DetectionResult
        {
            FileName = info.FileName,
            Width = info.OriginalShape.Width,
            Height = info.OriginalShape.Height,
            Objects = DetectionResult.Name(found, _model.ClassNames),
        };
        _options.OnImage?.Invoke(result);
        if (_options.ShowFolder is { } folder)
        {
            DetectionPicture.Save(result, _painter, Path.Combine(folder, info.OriginalFileName));
        }
    }
}
