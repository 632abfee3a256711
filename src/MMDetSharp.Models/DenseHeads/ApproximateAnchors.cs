using MMDetSharp.Core.Registry;
using MMDetSharp.Models.Anchors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>
/// Anchors whose shape is not known when objects are assigned: one square at every place, and the shapes that stand for all
/// that it may become: Wang et al., "Region Proposal by Guided Anchoring", arXiv:1901.03278, section 3.5. SABL has the same.
/// </summary>
/// <param name="Squares">One square at every place.</param>
/// <param name="Approximations">The shapes, equally many at every place.</param>
internal sealed record ApproximateAnchors(IAnchorGenerator Squares, IAnchorGenerator Approximations)
{
    /// <summary>The key of the squares.</summary>
    internal const string SquareKey = "square_anchor_generator";

    private const string ShapeKey = "approx_anchor_generator";

    /// <summary>The side of a square, in strides.</summary>
    internal double Scale { get; private init; }

    /// <summary>Reads <c>approx_anchor_generator</c> and <c>square_anchor_generator</c>.</summary>
    /// <param name="reader">The head's node.</param>
    /// <param name="context">What stands beside it.</param>
    /// <param name="missing">The shapes where none are given, of octaves; the squares then begin as these do.</param>
    internal static ApproximateAnchors FromConfig(
        ConfigReader reader, HeadContext context, AnchorGeneratorOptions missing)
    {
        var squares = missing with
        {
            Ratios = [1],
            Scales = [(float)missing.OctaveBaseScale!],
            OctaveBaseScale = null,
            ScalesPerOctave = null,
        };
        var anchors = new ApproximateAnchors(
            Generator(reader, context, SquareKey, squares), Generator(reader, context, ShapeKey, missing));
        anchors.Check(new(reader.TypeName, reader.Error));
        return anchors with { Scale = ReadScale(reader, missing.OctaveBaseScale) };
    }

    private static IAnchorGenerator Generator(
        ConfigReader reader, HeadContext context, string key, AnchorGeneratorOptions missing) =>
        reader.NodeOrNull(key) is { } node ? context.Parts.Anchors.Build(node) : new AnchorGenerator(missing);

    private void Check(OptionCheck check)
    {
        check.Require(
            Squares.AnchorsPerPlace.All(count => count == 1), SquareKey, "must put one anchor at a place",
            Squares.AnchorsPerPlace.Max());
        check.Require(
            Approximations.AnchorsPerPlace.Distinct().Count() == 1, ShapeKey, "must put equally many anchors at all places",
            string.Join(", ", Approximations.AnchorsPerPlace));
        check.Require(
            Squares.Strides.SequenceEqual(Approximations.Strides), SquareKey, $"must have the strides of {ShapeKey}",
            string.Join(", ", Squares.Strides));
    }

    // As the reference: a square is as large as the shapes that an octave begins with.
    private static double ReadScale(ConfigReader reader, double? missing)
    {
        var (squares, shapes) = (reader.NodeOrNull(SquareKey), reader.NodeOrNull(ShapeKey));
        var size = squares is null ? missing : squares.FloatsOrNull("scales")?[0];
        var wanted = shapes is null ? missing : shapes.FloatOrNull("octave_base_scale");
        new OptionCheck(reader.TypeName, reader.Error).Require(
            size is not null && size == wanted, SquareKey,
            $"must have one entry in scales, the octave_base_scale of {ShapeKey}",
            FormattableString.Invariant($"{size} and {wanted}"));
        return size!.Value;
    }
}
