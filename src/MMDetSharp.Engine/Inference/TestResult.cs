using MMDetSharp.Data.Datasets;
using MMDetSharp.Engine.Evaluation;

namespace MMDetSharp.Engine.Inference;

/// <summary>What a model found in a test set.</summary>
/// <param name="Dataset">The images.</param>
/// <param name="Detections">One per image, in the order of the data set.</param>
/// <param name="How">The metrics to evaluate.</param>
public sealed record TestResult(
    IDetectionDataset Dataset, IReadOnlyList<ImageDetections> Detections, EvaluationOptions How)
{
    /// <summary>Compares with the annotations.</summary>
    /// <returns>The numbers and the tables.</returns>
    /// <exception cref="DatasetException">This kind of data set cannot be evaluated so.</exception>
    public EvaluationReport Evaluate() => DatasetEvaluator.Evaluate(Dataset, Detections, How);

    /// <summary>Writes COCO's result format, in one step.</summary>
    /// <param name="path">The file to make or replace.</param>
    public void Save(string path) => ResultConversion.ToCoco(Dataset, Detections).Save(path);
}
