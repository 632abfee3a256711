namespace MMDetSharp.Engine.Evaluation;

/// <summary>Metrics of a data set (mAP, AP50, recall ...) as numbers and as text.</summary>
/// <param name="Metrics">
/// In order, under the reference's keys: numbers as <see cref="double"/>, and bbox_mAP_copypaste as text.
/// </param>
/// <param name="Text">The tables, to be shown.</param>
public sealed record EvaluationReport(IReadOnlyDictionary<string, object> Metrics, string Text);
