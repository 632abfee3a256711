namespace MMDetSharp.Engine.ForeignModels;

/// <summary>A model of YOLOv5, one <c>.pt</c> file, used as its detect.py and val.py use it.</summary>
internal static class YoloV5Model
{
    /// <summary>The row of the table. The weights are read as those of any checkpoint.</summary>
    internal static ForeignFormat Format { get; } = new(".pt", ".pt", Describe, (_, _) => false);

    /// <summary>The config of a file.</summary>
    internal static string Describe(string path, ForeignModelOptions options)
    {
        using var file = YoloV5File.Open(path);
        var classes = ForeignNames.Find(path, file.ClassCount, options, file.Names);
        return YoloV5ConfigText.Model(file) + YoloV5ConfigText.Rest(file, classes, options);
    }
}
