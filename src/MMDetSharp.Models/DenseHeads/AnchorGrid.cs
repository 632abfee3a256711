using MMDetSharp.Core.Structures;
using MMDetSharp.Models.Anchors;
using MMDetSharp.Models.Assigners;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.DenseHeads;

/// <summary>The anchors of all places of an image, and the shapes that each may take. P is their number.</summary>
internal sealed class AnchorGrid
{
    private readonly IAnchorGenerator _generator;
    private readonly IReadOnlyList<(long Height, long Width)> _sizes;

    /// <summary>Makes the anchors; they belong to the scope around.</summary>
    /// <param name="generator">Generates them.</param>
    /// <param name="approximations">Generates as many shapes for each; null: an anchor has its own alone.</param>
    /// <param name="sizes">Height and width of each level's map.</param>
    /// <param name="device">Where they go.</param>
    internal AnchorGrid(
        IAnchorGenerator generator,
        IAnchorGenerator? approximations,
        IReadOnlyList<(long Height, long Width)> sizes,
        Device device)
    {
        (_generator, _sizes) = (generator, sizes);
        Levels = generator.GridAnchors(sizes, device);
        All = Tensor.Cat(0, Levels);
        Approximations = approximations is null ? null : Tensor.Cat(0, approximations.GridAnchors(sizes, device));
    }

    private AnchorGrid(AnchorGrid places, Tensor[] levels)
    {
        (_generator, _sizes, Approximations) = (places._generator, places._sizes, places.Approximations);
        Levels = levels;
        All = Tensor.Cat(0, Levels);
    }

    /// <summary>(L): (P, 4) xyxy of each level.</summary>
    internal Tensor[] Levels { get; }

    /// <summary>(P, 4) xyxy of all levels.</summary>
    internal Tensor All { get; }

    /// <summary>(P A, 4) xyxy: the shapes that each anchor may take, those of one together; null: its own alone.</summary>
    internal Tensor? Approximations { get; }

    /// <summary>
    /// The rows of the anchors that count for an image: not on its padding, and inside the allowed border, where one of the
    /// shapes that an anchor may take is enough.
    /// </summary>
    /// <param name="info">What happened to the image.</param>
    /// <param name="border">Pixels over the image's edge; below 0: any number.</param>
    /// <returns>(N) int64, rising; it belongs to the caller.</returns>
    /// <exception cref="ArgumentException">No anchor counts.</exception>
    internal Tensor Inside(ImageInfo info, double border)
    {
        using var scope = TensorScope.Begin();
        var flags = Tensor.Cat(0, _generator.ValidFlags(_sizes, info.PadShape, All.Device)); // (P)
        if (border >= 0)
        {
            flags &= Within(Approximations ?? All, info.ImageShape, border).Reshape(flags.Size(0), -1).Any(1);
        }

        var rows = flags.NonZero().Squeeze(-1); // (N)
        return rows.Size(0) > 0
            ? scope.Keep(rows)
            : throw new ArgumentException(
                $"AnchorTargets: {info.FileName}: some anchor must lie inside its {info.ImageShape}, none does. " +
                "Set allowed_border=-1, or leave out images that small.");
    }

    /// <summary>Other anchors at the same places, of which the same ones count; they belong to the scope around.</summary>
    /// <param name="levels">(L): (P, 4) xyxy of each level.</param>
    internal AnchorGrid With(Tensor[] levels) => new(this, levels);

    /// <summary>What an assigner labels.</summary>
    /// <param name="rows">(N) those that count, rising.</param>
    /// <returns>Borrowed, or made in the scope around.</returns>
    internal Priors Priors(Tensor rows) => new(Chosen(All, rows))
    {
        Levels = LevelsOf(rows),
        Approximations = Approximations is null
            ? null
            : Chosen(Approximations.Reshape(All.Size(0), -1, 4), rows).Reshape(-1, 4), // (N A, 4)
    };

    private static Tensor Chosen(Tensor all, Tensor rows) => rows.Size(0) == all.Size(0) ? all : all[rows]; // (N, ...)

    private static Tensor Within(Tensor boxes, ImageShape shape, double border)
    {
        var xyxy = boxes.Unbind(-1);
        return xyxy[0].Ge(-border) & xyxy[1].Ge(-border)
            & xyxy[2].Lt(shape.Width + border) & xyxy[3].Lt(shape.Height + border);
    }

    // How many of the rows belong to each level.
    private PriorLevel[] LevelsOf(Tensor rows)
    {
        var counted = new PriorLevel[Levels.Length];
        var (chosen, next, end) = (rows.ToInt64Array(), 0, 0L);
        for (var i = 0; i < counted.Length; i++)
        {
            var begin = next;
            end += Levels[i].Size(0);
            while (next < chosen.Length && chosen[next] < end)
            {
                next++;
            }

            counted[i] = new(next - begin, _generator.Strides[i].X);
        }

        return counted;
    }
}
