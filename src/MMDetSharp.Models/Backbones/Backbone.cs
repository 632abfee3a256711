using MMDetSharp.Models.Layers;
using MMDetSharp.Torch.Modules;
using MMDetSharp.Torch.Tensors;

namespace MMDetSharp.Models.Backbones;

/// <summary>Turns images into feature maps of several sizes.</summary>
public abstract class Backbone : Module
{
    /// <summary>The maps that come out.</summary>
    public abstract IReadOnlyList<MapLevel> Outputs { get; }

    /// <summary>The channels of the images.</summary>
    public virtual int ImageChannels => 3;

    /// <summary>The least height and width of the images.</summary>
    public virtual int LeastSide => 1;

    /// <summary>Runs the backbone and frees all that it made but the results.</summary>
    /// <param name="images">(B, C, H, W), borrowed.</param>
    /// <returns>
    /// One (B, C, H / stride, W / stride) per level, finest first, sizes rounded up; they belong to the caller.
    /// </returns>
    public Tensor[] Call(Tensor images)
    {
        images.RequireShape(
            [ShapeGuard.Any, ImageChannels, ShapeGuard.Any, ShapeGuard.Any],
            "Stack images first; color_type of LoadImageFromFile and the backbone's in_channels must agree.");
        using var scope = TensorScope.Begin();
        return scope.Keep(Forward(images));
    }

    /// <summary>He's normal rule for kernels, biases 0, norms 1 and 0.</summary>
    public override void InitWeights(Generator generator)
    {
        foreach (var (_, module) in NamedModules())
        {
            if (module is Conv2d conv)
            {
                Initializers.KaimingNormalFanOut(conv.Weight, generator);
                if (conv.Bias is not null)
                {
                    Initializers.Constant(conv.Bias, 0);
                }
            }
            else if (module is BatchNorm2d or GroupNorm)
            {
                module.InitWeights(generator);
            }
        }
    }

    /// <summary>Switches all batch norms to evaluation: they use their running statistics in training, too.</summary>
    protected void EvalNorms()
    {
        foreach (var (_, module) in NamedModules())
        {
            if (module is BatchNorm2d norm)
            {
                norm.Eval();
            }
        }
    }

    /// <summary>The computation, inside the scope that <see cref="Call"/> opened.</summary>
    protected abstract Tensor[] Forward(Tensor images);
}
