using System.Text.Json;
using MMDetSharp.Core.Structures;
using MMDetSharp.Tests.Support;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Tests.Models;

/// <summary>Finds the recorded cases of an operation and makes tensors of their inputs.</summary>
internal static class ComponentGolden
{
    /// <summary>The names of the cases of some operations, for a theory; none where the file is missing.</summary>
    internal static TheoryData<string> Names(string file, params string[] ops) => [.. CaseNames(file, ops)];

    /// <summary>The names of the cases of some operations; none where the file is missing.</summary>
    internal static string[] CaseNames(string file, params string[] ops) =>
        File.Exists(Path.Combine(RepositoryFolder.Goldens, file))
            ? [.. GoldenFile.Open(file).Cases.Where(entry => ops.Contains(entry.Op)).Select(entry => entry.Name)]
            : [];

    /// <summary>One case by its name.</summary>
    internal static GoldenCase Open(string file, string name) =>
        GoldenFile.Open(file).Cases.Single(entry => entry.Name == name);

    /// <summary>An input as float32.</summary>
    internal static Tensor FloatInput(this GoldenCase golden, string name) =>
        Tensor.From(golden.File.Floats(golden.In(name)), golden.File.Shape(golden.In(name)));

    /// <summary>An input as int64.</summary>
    internal static Tensor IntegerInput(this GoldenCase golden, string name) =>
        Tensor.From(golden.File.Int64s(golden.In(name)), golden.File.Shape(golden.In(name)));

    /// <summary>An input as float32, or null where the case has none.</summary>
    internal static Tensor? OptionalInput(this GoldenCase golden, string name) =>
        golden.Inputs.Contains(name) ? golden.FloatInput(name) : null;

    /// <summary>Fails unless a result is the recorded one.</summary>
    internal static void AssertOutput(
        this GoldenCase golden, string name, Tensor actual, double absolute, double relative = 0) =>
        golden.File.AssertClose(golden.Out(name), actual.ToDoubleArray(), actual.Shape, absolute, relative);

    /// <summary>Objects of one image from the inputs <c>gts</c>, <c>labels</c> and <c>ignore</c>.</summary>
    internal static GroundTruth Objects(this GoldenCase golden)
    {
        var boxes = golden.FloatInput("gts");
        var labels = golden.Inputs.Contains("labels")
            ? golden.IntegerInput("labels")
            : Tensor.Zeros([boxes.Size(0)], ScalarType.Int64);
        return new GroundTruth(boxes, labels, golden.OptionalInput("ignore") ?? Tensor.Zeros([0, 4]));
    }

    /// <summary>An option as a number, or another where it is absent.</summary>
    internal static double Number(this JsonElement options, string name, double otherwise = 0) =>
        options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetDouble()
            : otherwise;

    /// <summary>An option as a truth value, or another where it is absent.</summary>
    internal static bool Flag(this JsonElement options, string name, bool otherwise) =>
        options.TryGetProperty(name, out var value) ? value.GetBoolean() : otherwise;

    /// <summary>An option as text, or another where it is absent.</summary>
    internal static string Text(this JsonElement options, string name, string otherwise = "") =>
        options.TryGetProperty(name, out var value) ? value.GetString()! : otherwise;

    /// <summary>An option as numbers, or null where it is absent.</summary>
    internal static float[]? Floats(this JsonElement options, string name) =>
        options.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.GetSingle())]
            : null;
}
