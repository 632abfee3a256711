using MMDetSharp.Core.Configs.Loading;
using MMDetSharp.Engine.ForeignModels;
using MMDetSharp.Engine.Inference;
using MMDetSharp.Models.Detectors;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Engine.ForeignModels;

/// <summary>The models of YOLOv5 beside the checkout.</summary>
internal static class YoloV5Files
{
    /// <summary>yolov5n of v6.0, trained on COCO.</summary>
    internal const string Nano = "weights/yolov5n-coco-v6.0/yolov5n.pt";

    /// <summary>A path below the shared folder.</summary>
    internal static string Under(string path) => Path.Combine(RepositoryFolder.Shared, path);

    /// <summary>The config of a file.</summary>
    internal static Config ConfigOf(string path, ForeignModelOptions? options = null, params string[] overrides) =>
        ForeignModel.LoadConfig(path, options ?? new ForeignModelOptions(), overrides);

    /// <summary>The model of a file, ready to detect.</summary>
    internal static Detector Load(string path) => ModelLoading.Load(ConfigOf(path), path, Device.Cpu);
}
