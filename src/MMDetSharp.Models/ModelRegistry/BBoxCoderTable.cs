using MMDetSharp.Core.Registry;
using MMDetSharp.Models.BBoxCoders;

namespace MMDetSharp.Models.ModelRegistry;

/// <summary>The box coders by their names in configs.</summary>
internal static class BBoxCoderTable
{
    /// <summary>The coders of anchors and proposals.</summary>
    internal static Registry<IBBoxCoder> Coders { get; } = new("box coder", new()
    {
        ["DeltaXYWHBBoxCoder"] = DeltaXYWHBBoxCoder.FromConfig,
    });

    /// <summary>The coders that locate sides by buckets.</summary>
    internal static Registry<BucketingBBoxCoder> Buckets { get; } = new("box coder of SABL", new()
    {
        ["BucketingBBoxCoder"] = BucketingBBoxCoder.FromConfig,
    });

    /// <summary>The coders that know cells.</summary>
    internal static Registry<IYoloBBoxCoder> Cells { get; } = new("box coder of a YOLO head", new()
    {
        ["YOLOBBoxCoder"] = YoloBBoxCoder.FromConfig,
        ["YOLOV5BBoxCoder"] = YoloV5BBoxCoder.FromConfig,
    });
}
