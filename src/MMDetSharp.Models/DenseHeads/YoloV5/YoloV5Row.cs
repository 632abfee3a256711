namespace MMDetSharp.Models.DenseHeads.YoloV5;

/// <summary>One row of a YOLOv5 network as its yaml file has it: <c>[from, number, module, args]</c>.</summary>
/// <param name="From">The rows whose maps come in: -1 is the row before, others count from the first one.</param>
/// <param name="Number">How often the module stands in a row, before the depth multiple.</param>
/// <param name="Module">Its name: <c>Conv</c>, <c>C3</c>, <c>nn.Upsample</c>, <c>Concat</c>, <c>Detect</c> ...</param>
/// <param name="Arguments">
/// What the module is made with: null, bool, long, double, string, or arrays of them; the first is often the number of
/// output channels, before the width multiple.
/// </param>
public sealed record YoloV5Row(
    IReadOnlyList<int> From, int Number, string Module, IReadOnlyList<object?> Arguments);
