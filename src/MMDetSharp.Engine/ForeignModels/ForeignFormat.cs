using MMDetSharp.Models.Detectors;

namespace MMDetSharp.Engine.ForeignModels;

/// <summary>A kind of model of another program.</summary>
/// <param name="Ending">The ending of the file that describes the network: <c>.cfg</c>.</param>
/// <param name="WeightsEnding">The ending of the file with its weights; the same one where one file holds both.</param>
/// <param name="Describe">From such a file to the text of the config that says the same.</param>
/// <param name="TryLoadWeights">
/// Copies a file's weights into the model that the config built; false for a file of that ending which is something
/// else: a checkpoint.
/// </param>
internal sealed record ForeignFormat(
    string Ending,
    string WeightsEnding,
    Func<string, ForeignModelOptions, string> Describe,
    Func<Detector, string, bool> TryLoadWeights);
